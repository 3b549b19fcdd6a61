import Logging
import Martlet
import Synchronization

/// One subscription of a ``KafkaEventBus``: a consumer of its own, and what is pending.
///
/// It has no group: each subscription reads all partitions, from where they ended when it began.
final class BusSubscription: Sendable {
    let id: EventSubscription.ID
    let sequence: EventSubscription
    private let patterns: [TopicPattern]
    private let consumer: KafkaConsumer
    private let pending: EventQueue
    private let unreadable: UnreadableCounter
    private let logger: Logger

    /// Begins to read behind what is there now.
    init(
        id: EventSubscription.ID,
        patterns: [TopicPattern],
        options: SubscriptionOptions,
        topic: String,
        consumer: KafkaConsumer,
        unreadable: UnreadableCounter,
        logger: Logger
    ) async throws(KafkaError) {
        self.id = id
        self.patterns = patterns
        self.consumer = consumer
        self.unreadable = unreadable
        self.logger = logger
        pending = EventQueue(options: options)
        sequence = EventSubscription(id: id, queue: pending)
        var starts: [KafkaPartition: KafkaOffset] = [:]
        // Asked for now, since librdkafka finds an end only some time after the assignment.
        for partition in try await consumer.partitions(of: [topic]) {
            starts[partition] = .at(try await consumer.bounds(of: partition).upperBound)
        }
        try await consumer.assign(starts)
    }

    /// Nothing more is delivered, and what is pending is discarded.
    func end() { pending.finish() }

    /// Ends the consumer too, and returns when it is gone.
    func close() async {
        end()
        await consumer.close()
    }

    /// Hands over what comes, until the subscription ends or fails.
    func pump() async {
        do throws(KafkaError) {
            while sequence.isOpen, !Task.isCancelled {
                for notice in try await consumer.next() {
                    guard await take(notice) else { return }
                }
            }
        } catch {
            // The bus has closed the consumer.
            guard error.code != .closed else { return }
            pending.finish(throwing: EventBusError(.unavailable, error.what, underlying: error))
        }
        // One that has failed takes nothing more, and need not stay connected until it is unsubscribed.
        if !sequence.isOpen { await consumer.close() }
    }

    /// Whether to go on.
    private func take(_ notice: KafkaNotice) async -> Bool {
        switch notice {
        case .records(let records):
            for record in records {
                guard let event = BusRecord.event(of: record) else {
                    unreadable.increment()
                    continue
                }
                guard patterns.contains(where: { $0.matches(event.topic) }) else { continue }
                do throws(CancellationError) { try await pending.enqueue(event) } catch { return false }
            }
        case .outOfRange(let partition):
            let reason =
                "\(partition) has lost events before they were read: its retention is too short, or it was made anew"
            pending.finish(throwing: EventBusError(.unavailable, reason))
        case .error(let error) where error.code == .fatal:
            pending.finish(throwing: EventBusError(.unavailable, error.what, underlying: error))
        case .error(let error):
            // librdkafka goes on trying.
            logger.info("The bus has trouble with Kafka.", metadata: ["reason": "\(error)"])
        case .assigned, .revoked, .endOfPartition, .committed, .statistics: break
        }
        return true
    }
}

/// How many records were no events.
final class UnreadableCounter: Sendable {
    private let counter = Atomic(0)

    var value: Int { counter.load(ordering: .relaxed) }

    func increment() { counter.add(1, ordering: .relaxed) }
}
