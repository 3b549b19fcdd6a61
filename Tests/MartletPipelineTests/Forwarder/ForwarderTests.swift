import Logging
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// The driver around the window: log, gate, sink and saving, with a store in memory and a clock that the test moves.
@Suite struct ForwarderTests {
    /// A sink that answers as it is told and remembers what it was handed.
    private final class ScriptedSink: Sink {
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
        var bodies: [[UInt8]] { batches.withLock { $0.flatMap(\.events).map(\.body) } }

        func waitForBatches(_ count: Int) async {
            for await number in arrivals where number >= count { return }
        }
    }

    /// Everything around one forwarder, running.
    private struct Rig {
        let store: InMemoryEventStore
        let time = ManualTime()
        let dispatcher: Dispatcher
        let intake: Intake

        /// - Parameters:
        ///   - store: what an earlier life left.
        ///   - head: how far that one came.
        init(sharing store: InMemoryEventStore = InMemoryEventStore(), head: Position = .zero) {
            self.store = store
            dispatcher = Dispatcher(head: head)
            intake = Intake(store: store, dispatcher: dispatcher, time: time, logger: Logger(label: "test"))
        }

        func makeForwarder(
            _ sink: some Sink,
            matches: [String] = [],
            body: BodyForm = .event,
            attempts: Int = 3
        ) async throws -> Forwarder {
            var window = DeliveryWindow.Configuration(delivery: sink.delivery)
            window.retry.attempts = attempts
            window.retry.jitter = .none
            let filter = EventFilter(matches: try matches.map { .init(pattern: try TopicPattern($0)) })
            let record = try await store.openForwarder(name: "f", start: .zero)
            return Forwarder(
                Forwarder.Configuration(name: "f", filter: filter, body: body, gate: Gate(), window: window),
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

        /// Runs intake and forwarder around the body, and stops both.
        func run(_ forwarder: Forwarder, _ body: () async throws -> Void) async throws {
            try await withThrowingTaskGroup { group in
                group.addTask { await intake.run() }
                group.addTask { await forwarder.run() }
                do { try await body() } catch {
                    forwarder.stop()
                    intake.stop()
                    throw error
                }
                forwarder.stop()
                intake.stop()
                try await group.waitForAll()
            }
        }
    }

    @Test func `what is committed is delivered in order, and the numbers add up`() async throws {
        let rig = Rig()
        let sink = ScriptedSink()
        let forwarder = try await rig.makeForwarder(sink, matches: ["a.#"])
        try await rig.run(forwarder) {
            try await rig.publish(["1", "2"], resource: "vm")
            try await rig.publish(["x"], topic: "other")
            try await rig.publish(["3"], resource: "vm")
            await sink.waitForBatches(3)
        }
        #expect(sink.ids == ["1", "2", "3"])
        #expect(sink.wasClosed)
        let status = try #require(try await rig.store.forwarderStatuses().first)
        #expect(status.committed == 4)
        #expect(status.counts.delivered == 3)
        #expect(status.counts.filtered == 1)
        #expect(status.pending == 0)
    }

    @Test func `a failed event is tried again when it is due, with the same id, before later ones of its resource`()
        async throws
    {
        let rig = Rig()
        let sink = ScriptedSink { _, number in number == 1 ? .retry("500") : .delivered }
        let forwarder = try await rig.makeForwarder(sink)
        try await rig.run(forwarder) {
            try await rig.publish(["1", "2"], resource: "vm")
            await sink.waitForBatches(1)
            // Others sleep too: the clock moves until the attempt that is due has been made.
            while sink.ids.count < 3 {
                await rig.time.waitForSleepers()
                rig.time.advance(by: .seconds(1))
            }
        }
        #expect(sink.ids == ["1", "1", "2"])
    }

    @Test func `a restarted forwarder goes on behind its cursor`() async throws {
        let rig = Rig()
        let first = ScriptedSink()
        let forwarder = try await rig.makeForwarder(first)
        try await rig.run(forwarder) {
            try await rig.publish(["1"])
            await first.waitForBatches(1)
        }
        #expect(first.ids == ["1"])
        let second = Rig(sharing: rig.store, head: Position(rawValue: 1))
        let sink = ScriptedSink()
        let again = try await second.makeForwarder(sink)
        try await second.run(again) {
            try await second.publish(["2"])
            await sink.waitForBatches(1)
        }
        #expect(sink.ids == ["2"])
    }

    @Test func `the enriched body has the original, the resource and the changes`() async throws {
        let rig = Rig()
        let sink = ScriptedSink()
        let forwarder = try await rig.makeForwarder(sink, body: .enriched)
        try await rig.run(forwarder) {
            try await rig.publish(["1"], resource: "vm")
            await sink.waitForBatches(1)
        }
        let event = try JSONDocument(parsing: try #require(sink.bodies.first)).root
        #expect(event["data"]?["original"]?.kind == .object)
        #expect(event["data"]?["resource"]?["id"]?.string == "vm")
        #expect(event["position"]?.string == "1")
    }

    @Test func `a pause is stored, and a dead letter comes back marked`() async throws {
        let rig = Rig()
        let sink = ScriptedSink { _, number in number == 1 ? .reject("400") : .delivered }
        let forwarder = try await rig.makeForwarder(sink)
        try await rig.run(forwarder) {
            try await rig.publish(["1"])
            await sink.waitForBatches(1)
            while try await rig.status().counts.dead == 0 { await Task.yield() }
            try await forwarder.pause(reason: "maintenance")
            #expect(try await rig.status().pause?.reason == "maintenance")
            #expect(forwarder.activity == .paused)
            let letters = try await rig.store.deadLetters(forwarder: "f", after: 0, limit: 10)
            #expect(letters.map(\.reason) == ["400"])
            try await forwarder.redeliver(letters)
            try await forwarder.resume()
            await sink.waitForBatches(2)
        }
        let again = try JSONDocument(parsing: try #require(sink.bodies.last)).root
        #expect(again["replay"]?.boolean == true)
        let status = try #require(try await rig.store.forwarderStatuses().first)
        #expect(status.counts.delivered == 1)
        #expect(status.counts.dead == 0)
        #expect(status.pending == 0)
    }
}
