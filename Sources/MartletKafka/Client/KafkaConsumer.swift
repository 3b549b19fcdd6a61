import CRdKafka
import Logging
import MartletPipeline
import Synchronization

/// A consumer of Kafka, on a thread of its own. It closes itself when nobody holds it.
///
/// It is driven: nothing is read but what ``next()`` asks for, one caller at a time, and whoever drives it answers each
/// rebalance. It never decides by itself where to read from.
final class KafkaConsumer: Sendable {
    /// Where it leads, without credentials.
    let place: String
    private let inbox: KafkaInbox<ConsumerLoop>
    private let lastDemand = Atomic(0)

    private init(place: String, inbox: KafkaInbox<ConsumerLoop>) {
        self.place = place
        self.inbox = inbox
    }

    deinit { inbox.stop() }

    /// Makes a consumer; reaches no network yet.
    ///
    /// - Parameters:
    ///   - properties: by librdkafka's names, with `group.id`, which ``assign(_:)`` alone does not join.
    /// - Throws: what librdkafka has against the properties.
    static func open(
        properties: [String: String],
        place: String,
        logger: Logger
    ) async throws(KafkaError) -> KafkaConsumer {
        let own = properties.merging(["enable.partition.eof": "true"]) { $1 }
            .merging(["statistics.interval.ms": "1000", "group.id": "martlet"]) { given, _ in given }
        let inbox = KafkaInbox<ConsumerLoop>()
        let noThread = KafkaError(
            .failed,
            "no thread for a consumer",
            at: place,
            remedy: "raise the limit of processes and threads"
        )
        let result = await withCheckedContinuation { (opened: CheckedContinuation<Result<Void, KafkaError>, Never>) in
            let isStarted = DedicatedThread.start {
                do throws(KafkaError) {
                    let handle = try KafkaHandle(
                        .consumer,
                        properties: own,
                        events: events,
                        place: place,
                        logger: logger
                    )
                    let loop = ConsumerLoop(handle: handle, inbox: inbox)
                    opened.resume(returning: .success(()))
                    loop.run()
                } catch {
                    opened.resume(returning: .failure(error))
                }
            }
            if !isStarted { opened.resume(returning: .failure(noThread)) }
        }
        try result.get()
        return KafkaConsumer(place: place, inbox: inbox)
    }

    private static let events =
        RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT
        | RD_KAFKA_EVENT_STATS

    /// What has come, as soon as there is anything; nothing where the task is cancelled.
    ///
    /// - Throws: ``KafkaError/Code/closed``.
    func next() async throws(KafkaError) -> [KafkaNotice] {
        let id = lastDemand.add(1, ordering: .relaxed).newValue
        // Cancellation may come before the demand has reached the thread.
        let isCancelled = Atomic(false)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<[KafkaNotice], KafkaError>, Never>) in
                inbox.submit { [place] loop in
                    guard let loop else { return continuation.resume(returning: .failure(.closed(at: place))) }
                    loop.take(ConsumerLoop.Demand(id: id) { continuation.resume(returning: $0) })
                    if isCancelled.load(ordering: .acquiring) { loop.withdraw(id) }
                }
            }
        } onCancel: {
            isCancelled.store(true, ordering: .releasing)
            inbox.submit { $0?.withdraw(id) }
        }
        return try result.get()
    }

    /// Joins the group for these topics; one that begins with `^` is a regular expression.
    func subscribe(to topics: [String]) async throws(KafkaError) {
        try await perform { (loop) throws(KafkaError) in try loop.subscribe(to: topics) }
    }

    /// Takes partitions: the answer to ``KafkaNotice/assigned(_:)``, or by itself, without a group.
    func assign(_ starts: [KafkaPartition: KafkaOffset]) async throws(KafkaError) {
        try await perform { (loop) throws(KafkaError) in try loop.assign(starts) }
    }

    /// Lets go of partitions: the answer to ``KafkaNotice/revoked(_:areLost:)``.
    func unassign(_ partitions: [KafkaPartition]) async throws(KafkaError) {
        try await perform { (loop) throws(KafkaError) in try loop.unassign(partitions) }
    }

    /// Goes on elsewhere in a partition; what had been read ahead of it is dropped.
    ///
    /// - Parameter starts: of all partitions that the consumer has: an eager group's are begun with again.
    func move(_ partition: KafkaPartition, among starts: [KafkaPartition: KafkaOffset]) async throws(KafkaError) {
        try await perform { (loop) throws(KafkaError) in try loop.move(partition, among: starts) }
    }

    /// Tells the group what to read next, for those who look at its lag. It does not wait; what became of it comes as
    /// ``KafkaNotice/committed(_:)``.
    func commit(_ offsets: [KafkaPartition: Int64]) async throws(KafkaError) {
        try await perform { (loop) throws(KafkaError) in try loop.commit(offsets) }
    }

    /// What the group has been told last; partitions of which it knows nothing are left out.
    func committed(_ partitions: [KafkaPartition]) async throws(KafkaError) -> [KafkaPartition: Int64] {
        try await perform { (loop) throws(KafkaError) in try loop.committed(partitions) }
    }

    /// The offsets of the oldest record, and behind the newest one.
    func bounds(of partition: KafkaPartition) async throws(KafkaError) -> Range<Int64> {
        try await perform { (loop) throws(KafkaError) in try loop.bounds(of: partition) }
    }

    /// The partitions of topics.
    ///
    /// - Parameter patience: how long the brokers may take, during which the consumer does nothing else.
    /// - Throws: ``KafkaError/Code/missing`` where one is not there.
    func partitions(
        of topics: [String],
        patience: Duration = .seconds(10)
    ) async throws(KafkaError) -> [KafkaPartition] {
        try await perform { (loop) throws(KafkaError) in try loop.partitions(of: topics, patience: patience) }
    }

    /// Leaves the group, and returns when that is done or has taken too long. What is asked after that is refused.
    func close() async { await inbox.stopAndWait() }

    /// Runs a body on the thread; not interrupted by cancellation.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (ConsumerLoop) throws(KafkaError) -> Value
    ) async throws(KafkaError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, KafkaError>, Never>) in
            inbox.submit { [place] loop in
                guard let loop else { return continuation.resume(returning: .failure(.closed(at: place))) }
                do throws(KafkaError) {
                    continuation.resume(returning: .success(try body(loop)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
