import Logging
import Martlet
import MartletTesting
import Synchronization
import Testing

@testable import MartletPipeline
@testable import MartletStore

/// Promise 7 over an hour: two hundred forwarders of which half are dead, with the real store, intake and forwarders. The clock
/// is the test's, and the sinks are stand-ins that answer as they are told.
@Suite(.timeLimit(.minutes(5))) struct ManyForwardersTests {
    /// A destination that is dead in one of four ways until it is mended.
    private final class Destination: Sink {
        enum Ailment: Int, CaseIterable { case none, refuses, hangs, fails, throttles }

        let delivery = SinkDelivery(mode: .independent, maximumEvents: 1, concurrency: 8)
        private let time: ManualTime
        private let state: Mutex<(ailment: Ailment, delivered: [Position], calls: Int)>

        init(_ ailment: Ailment, time: ManualTime) {
            self.time = time
            state = Mutex((ailment, [], 0))
        }

        var delivered: [Position] { state.withLock { $0.delivered } }
        var calls: Int { state.withLock { $0.calls } }

        func mend() { state.withLock { $0.ailment = .none } }

        func send(_ batch: OutgoingBatch) async -> BatchOutcome {
            let ailment = state.withLock { state in
                state.calls += 1
                if state.ailment == .none { state.delivered += batch.events.compactMap(\.event.position) }
                return state.ailment
            }
            switch ailment {
            case .none: return .whole(.delivered)
            case .refuses: return .whole(.unavailable("No connection."))
            case .hangs:
                // A cancelled sleep is the end of the test.
                try? await time.sleep(for: .seconds(15))
                return .whole(.unavailable("No answer in time."))
            case .fails: return .whole(.retry("The receiver answered 500."))
            case .throttles: return .whole(.unavailable("The receiver answered 429.", retryAfter: .seconds(30)))
            }
        }

        func close() async {}
    }

    /// The store, the intake and the forwarders around it.
    private struct House {
        let time: ManualTime
        let store: SQLiteEventStore
        let intake: Intake
        let lines: CountingLog
        let forwarders: [(forwarder: Forwarder, destination: Destination)]

        init(_ store: SQLiteEventStore, time: ManualTime, alive: Int, dead: Int) async throws {
            self.time = time
            self.store = store
            let lines = CountingLog()
            self.lines = lines
            let logger = Logger(label: "test") { _ in lines }
            let dispatcher = Dispatcher(head: .zero)
            let intake = Intake(store: store, dispatcher: dispatcher, time: time, logger: logger)
            self.intake = intake
            var forwarders: [(Forwarder, Destination)] = []
            for number in 0..<(alive + dead) {
                let ailment = number < alive ? .none : Destination.Ailment(rawValue: 1 + number % 4) ?? .refuses
                let destination = Destination(ailment, time: time)
                let name = "\(ailment)-\(number)"
                let pattern = try TopicPattern("t\(number % ManyForwardersTests.topics)")
                let forwarder = Forwarder(
                    Forwarder.Configuration(
                        name: name,
                        filter: EventFilter(matches: [.init(pattern: pattern)]),
                        body: .event,
                        gate: Gate(),
                        window: DeliveryWindow.Configuration(delivery: destination.delivery)
                    ),
                    record: try await store.openForwarder(name: name, start: .zero),
                    sink: destination,
                    store: store,
                    intake: intake,
                    dispatcher: dispatcher,
                    time: time,
                    logger: logger
                )
                forwarders.append((forwarder, destination))
            }
            self.forwarders = forwarders
        }

        func run(_ body: () async throws -> Void) async throws {
            try await withThrowingTaskGroup { group in
                group.addTask { await intake.run() }
                for (forwarder, _) in forwarders { group.addTask { await forwarder.run() } }
                do { try await body() } catch {
                    group.cancelAll()
                    throw error
                }
                for (forwarder, _) in forwarders { forwarder.stop() }
                // What hangs is not waited for.
                group.cancelAll()
                intake.stop()
            }
        }

        /// Commits one event for each topic.
        func publish(_ round: Int) async throws {
            let items = (0..<ManyForwardersTests.topics).map { topic in
                var fields = Event.Fields(
                    id: "\(round)-\(topic)",
                    source: "/s",
                    type: "t",
                    cloud: "c",
                    topic: Topic(text: "t\(topic)"),
                    payload: Payload(json: ArraySlice("{\"round\":\(round)}".utf8))
                )
                fields.resource = ResourceReference(type: "VirtualMachine", id: "vm\(round % 50)")
                return IntakeItem.event(Event(fields: fields), nil)
            }
            _ = try await intake.submit(IntakeBatch(source: "s", items: items), patience: intake.limits.patience)
        }
    }

    private static let topics = 10

    @Test
    func `a hundred dead forwarders of two hundred hold up nobody, hold nothing in memory, and catch up when mended`()
        async throws
    {
        let time = ManualTime()
        var options = StoreOptions.forTests
        options.time = time
        try await withStore(options: options) { store in
            let house = try await House(store, time: time, alive: 100, dead: 100)
            let (alive, dead) = (house.forwarders[..<100], house.forwarders[100...])
            let rounds = 180
            try await house.run {
                for round in 0..<rounds {
                    try await house.publish(round)
                    try await waitUntil("the living ones have round \(round)") {
                        alive.allSatisfy { $0.destination.delivered.count == round + 1 }
                    }
                    time.advance(by: .seconds(20))
                }
                for (forwarder, destination) in dead {
                    // A probe now and then; where events fail by themselves, the attempts of each.
                    let bound = forwarder.name.hasPrefix("fails") ? 12 * rounds : 2 * rounds
                    #expect(destination.calls < bound, "\(forwarder.name): \(destination.calls)")
                    let held = forwarder.state.withLock { ($0.events.count, $0.window.entries.count) }
                    #expect(held.1 <= forwarder.configuration.window.lookahead)
                    #expect(held.0 <= 64, "\(forwarder.name) holds \(held.0) events in memory")
                }
                // One line a minute for each, and a few for the beginning.
                #expect(house.lines.count <= 100 * 64, "\(house.lines.count) lines")

                for (_, destination) in dead { destination.mend() }
                try await waitUntil("the mended ones have caught up") {
                    time.advance(by: .seconds(30))
                    return dead.allSatisfy {
                        $0.forwarder.state.withLock { $0.window.isIdle && $0.window.parked.isEmpty }
                    }
                }
                try await house.intake.save()
                let statuses = try await store.forwarderStatuses()
                #expect(statuses.count == 200)
                for status in statuses {
                    #expect(status.committed == Int64(rounds * Self.topics), "\(status)")
                    #expect(status.pending == 0, "\(status)")
                    #expect(status.counts.delivered + status.counts.dead == Int64(rounds), "\(status)")
                }
                for (_, destination) in alive {
                    #expect(destination.delivered == destination.delivered.sorted(), "in order")
                }
            }
        }
    }

    /// Returns when a condition holds; records an issue when it has not in a minute.
    private func waitUntil(_ what: Comment, _ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !condition() {
            guard ContinuousClock.now < deadline else {
                Issue.record("It did not come true: \(what)")
                throw CancellationError()
            }
            try await ContinuousClock().sleep(for: .milliseconds(2))
        }
    }
}

/// Counts the lines of a log.
private final class CountingLog: LogHandler, Sendable {
    private let lines = Mutex(0)

    var count: Int { lines.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event _: LogEvent) { lines.withLock { $0 += 1 } }
}
