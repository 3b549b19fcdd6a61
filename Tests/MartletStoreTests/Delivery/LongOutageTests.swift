import Foundation
import Logging
import Martlet
import MartletTesting
import Synchronization
import Testing

@testable import MartletPipeline
@testable import MartletStore

/// A destination that was away while very much happened: what is current is found in bounded memory, with the real store.
@Suite(.timeLimit(.minutes(30))) struct LongOutageTests {
    /// Takes nothing until it is told otherwise; keeps what it took as numbers only.
    private final class Destination: Sink {
        let delivery = SinkDelivery(mode: .atomic, maximumEvents: 500, concurrency: 1)
        private let state = Mutex((isAway: true, calls: 0, positions: [Int64]()))

        var calls: Int { state.withLock { $0.calls } }
        var positions: [Int64] { state.withLock { $0.positions } }

        func comeBack() { state.withLock { $0.isAway = false } }

        func send(_ batch: OutgoingBatch) async -> BatchOutcome {
            state.withLock { state in
                state.calls += 1
                if state.isAway { return .whole(.unavailable("503")) }
                state.positions += batch.events.compactMap { $0.event.position?.rawValue }
                return .whole(.delivered)
            }
        }

        func close() async {}
    }

    /// Events and resources; a million with more time.
    private static var sizes: [(events: Int, resources: Int)] {
        Soak.isOn ? [(1_000_000, 1_000), (1_000_000, 1_000_000)] : [(20_000, 100), (20_000, 15_000)]
    }

    @Test func `of a long backlog the last event of each resource is sent, and memory stays bounded`() async throws {
        for size in Self.sizes { try await catchUp(events: size.events, resources: size.resources) }
    }

    private func catchUp(events count: Int, resources: Int) async throws {
        try await withStore { store in
            let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try await Self.fill(store, count: count, resources: resources)
            let dispatcher = Dispatcher(head: try await store.head())
            let intake = Intake(store: store, dispatcher: dispatcher, time: SystemTime(), logger: quiet)
            let destination = Destination()
            var window = DeliveryWindow.Configuration(delivery: destination.delivery)
            window.afterOutage = .latest
            window.outage = .milliseconds(20)
            window.retry.initialDelay = .milliseconds(50)
            window.retry.jitter = .none
            let forwarder = Forwarder(
                Forwarder.Configuration(
                    name: "f",
                    filter: EventFilter(matches: [.init(pattern: try TopicPattern("wanted"))]),
                    body: .event,
                    gate: Gate(),
                    window: window
                ),
                record: try await store.openForwarder(name: "f", start: .zero),
                sink: destination,
                store: store,
                intake: intake,
                dispatcher: dispatcher,
                time: SystemTime(),
                logger: quiet
            )
            let before = Self.residentBytes
            let largest = Mutex(before)
            let held = Mutex(0)
            try await withThrowingTaskGroup { group in
                group.addTask { await intake.run() }
                group.addTask { await forwarder.run() }
                try await eventually("it is tried after the outage") { destination.calls >= 3 }
                destination.comeBack()
                let clock = ContinuousClock()
                let began = clock.now
                try await eventually("all is concluded", patience: .seconds(900)) {
                    largest.withLock { $0 = max($0, Self.residentBytes) }
                    let inMemory = forwarder.state.withLock { max($0.window.entries.count, $0.events.count) }
                    held.withLock { $0 = max($0, inMemory) }
                    return try await store.forwarderStatuses().first?.cursor.rawValue ?? 0 >= Int64(count)
                }
                let elapsed = clock.now - began
                forwarder.stop()
                try await intake.save()
                intake.stop()
                let grown = largest.withLock { $0 } - before
                print(
                    "\(count) events of \(resources) resources: \(elapsed), \(destination.positions.count) sent, \(grown >> 20) MiB more"
                )
                // The events by themselves are several times as large. Other tests take memory at the same time.
                if Soak.isOn { #expect(grown < 96 << 20, "\(grown) bytes more") }
                #expect(
                    held.withLock { $0 } <= window.lookahead + Forwarder.pageLimit,
                    "a page is taken where there is room"
                )
            }
            let status = try #require(try await store.forwarderStatuses().first)
            // Every third event is not wanted.
            let expected = Self.lastWanted(count: count, resources: resources)
            // In the order of the log, but for the one with which the destination was tried.
            #expect(destination.positions.sorted() == expected)
            #expect(status.counts.delivered == Int64(expected.count))
            let wanted = (0..<count).count { $0 % 3 != 2 }
            #expect(status.counts.skipped == Int64(wanted - expected.count))
        }
    }

    private static func lastWanted(count: Int, resources: Int) -> [Int64] {
        var last: [Int: Int64] = [:]
        for number in 0..<count where number % 3 != 2 { last[number % resources] = Int64(number + 1) }
        return last.values.sorted()
    }

    private static func fill(_ store: SQLiteEventStore, count: Int, resources: Int) async throws {
        let payload = Payload(json: ArraySlice("{\"text\":\"\(String(repeating: "x", count: 400))\"}".utf8))
        for start in stride(from: 0, to: count, by: 2_000) {
            let items = (start..<min(start + 2_000, count)).map { number in
                var fields = Event.Fields(
                    id: "\(number)",
                    source: "/s",
                    type: "t",
                    cloud: "c",
                    topic: Topic(text: number % 3 == 2 ? "unwanted" : "wanted"),
                    payload: payload
                )
                fields.resource = ResourceReference(type: "VirtualMachine", id: "vm\(number % resources)")
                return IntakeItem.event(Event(fields: fields), nil)
            }
            let group = CommitGroup(
                batches: [IntakeBatch(source: "s", items: items)],
                recordedTime: Timestamp(seconds: 1_767_225_600)
            )
            _ = try await store.commit(group)
        }
    }

    /// What the process takes up in memory now.
    private static var residentBytes: Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return (pages?[1]).flatMap { Int($0) }.map { $0 * 4_096 } ?? 0
    }
}
