import Logging
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// A sink that answers as it is told and remembers what it was handed.
final class ScriptedSink: Sink {
    let delivery: SinkDelivery
    private let answer: @Sendable (OutgoingBatch, Int) -> DeliveryOutcome
    private let batches = Mutex<[OutgoingBatch]>([])
    private let isClosed = Mutex(false)
    private let arrivals: AsyncStream<Int>
    private let arrival: AsyncStream<Int>.Continuation

    init(
        _ delivery: SinkDelivery = SinkDelivery(mode: .independent, maximumEvents: 1, concurrency: 4),
        answer: @escaping @Sendable (OutgoingBatch, Int) -> DeliveryOutcome = { _, _ in .delivered }
    ) {
        self.delivery = delivery
        self.answer = answer
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    func send(_ batch: OutgoingBatch) async -> BatchOutcome {
        let number = batches.withLock { batches in
            batches.append(batch)
            return batches.count
        }
        arrival.yield(number)
        return .whole(answer(batch, number))
    }

    func close() async { isClosed.withLock { $0 = true } }

    var wasClosed: Bool { isClosed.withLock { $0 } }
    var ids: [String] { batches.withLock { $0.flatMap(\.events).map(\.event.id) } }
    /// The ids of the events, each with whether it is said to stand for earlier ones.
    var resynchronised: [String: Bool] {
        batches.withLock { batches in
            Dictionary(batches.flatMap(\.events).map { ($0.event.id, $0.event.fields.isResynchronised) }) { $1 }
        }
    }

    var bodies: [[UInt8]] { batches.withLock { $0.flatMap(\.events).map(\.body) } }

    func waitForBatches(_ count: Int) async {
        for await number in arrivals where number >= count { return }
    }
}

/// Everything around one forwarder, running.
struct ForwarderRig {
    let store: InMemoryEventStore
    let time = ManualTime()
    let dispatcher: Dispatcher
    let enrichment: Enrichment
    let intake: Intake

    /// - Parameters:
    ///   - store: what an earlier life left.
    ///   - head: how far that one came.
    init(sharing store: InMemoryEventStore = InMemoryEventStore(), head: Position = .zero) {
        self.store = store
        dispatcher = Dispatcher(head: head)
        enrichment = Enrichment(
            store: store,
            time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        intake = Intake(
            store: store,
            dispatcher: dispatcher,
            enrichment: enrichment,
            time: time,
            logger: Logger(label: "test")
        )
    }

    func makeForwarder(
        _ sink: some Sink,
        matches: [String] = [],
        body: BodyForm = .event,
        attempts: Int = 3,
        enrichWait: Duration? = nil,
        change: (inout DeliveryWindow.Configuration) -> Void = { _ in }
    ) async throws -> Forwarder {
        var window = DeliveryWindow.Configuration(delivery: sink.delivery)
        window.retry.attempts = attempts
        window.retry.jitter = .none
        change(&window)
        let filter = EventFilter(matches: try matches.map { .init(pattern: try TopicPattern($0)) })
        let record = try await store.openForwarder(name: "f", start: .zero)
        return Forwarder(
            Forwarder.Configuration(
                name: "f",
                filter: filter,
                body: body,
                gate: Gate(),
                window: window,
                enrichWait: enrichWait
            ),
            record: record,
            sink: sink,
            store: store,
            intake: intake,
            dispatcher: dispatcher,
            time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    func publish(_ ids: [String], resource: String? = nil, topic: String = "a.b") async throws {
        let items = ids.map { id in
            var fields = Event.Fields(
                id: id,
                source: "/s",
                type: "t",
                cloud: "c",
                topic: Topic(text: topic),
                payload: Payload(json: ArraySlice("{}".utf8))
            )
            fields.resource = resource.map { ResourceReference(type: "VirtualMachine", id: $0) }
            return IntakeItem.event(Event(fields: fields), nil)
        }
        _ = try await intake.submit(IntakeBatch(source: "s", items: items))
    }

    func status() async throws -> ForwarderStatus {
        try await intake.save()
        return try #require(try await store.forwarderStatuses().first)
    }

    /// Runs intake and forwarder around the body, and stops the forwarder and then the intake, as the gateway does: what the
    /// forwarder has achieved last is saved too.
    func run(_ forwarder: Forwarder, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await intake.run() }
            // Awaited below on both ways out: a group would wait for the intake, too.
            let forwarding = Task { await forwarder.run() }
            do { try await body() } catch {
                forwarder.stop()
                await forwarding.value
                intake.stop()
                throw error
            }
            forwarder.stop()
            await forwarding.value
            intake.stop()
            try await group.waitForAll()
        }
    }
}
