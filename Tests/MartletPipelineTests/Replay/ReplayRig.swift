import Logging
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// A store in memory with events to replay, a clock that the test moves, and a destination.
struct ReplayRig: Sendable {
    let store = InMemoryEventStore()
    let time = ManualTime()
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Commits events, `a:vm1` being one named `a` of the resource `vm1`.
    func commit(_ names: [String], topic: String = "a.b") async throws {
        let items = names.map { name in
            let words = name.split(separator: ":").map(String.init)
            var fields = Event.Fields(
                id: words[0],
                source: "/s",
                type: "t",
                cloud: "c",
                topic: Topic(text: topic),
                payload: Payload(json: ArraySlice(#"{"password":"LEAK","name":"shown"}"#.utf8))
            )
            fields.resource = words.count > 1 ? ResourceReference(type: "VirtualMachine", id: words[1]) : nil
            return IntakeItem.event(Event(fields: fields), nil)
        }
        let group = CommitGroup(batches: [IntakeBatch(source: "s", items: items)], recordedTime: time.now)
        _ = try await store.commit(group)
    }

    func make(_ range: ClosedRange<Int64>, rate: Int? = nil) async throws -> ReplayRecord {
        try await store.createReplay(
            ReplayDraft(
                definition: Array("{}".utf8),
                forwarder: nil,
                sink: "test",
                range: Position(rawValue: range.lowerBound)...Position(rawValue: range.upperBound),
                rate: rate,
                note: nil,
                created: time.now
            )
        )
    }

    /// The run of a replay as the store has it now.
    func makeRun(_ id: ReplayID, _ destination: ReplayDestination) async throws -> ReplayRun {
        ReplayRun(
            try #require(try await store.replay(id)),
            parked: try await store.parkedDeliveries(of: id),
            destination: destination,
            store: store,
            time: time,
            logger: logger
        )
    }

    func record(_ id: ReplayID) async throws -> ReplayRecord { try #require(try await store.replay(id)) }
}

/// Answers as it is told, remembers what it was handed, and can hold what is in flight.
final class ReplaySink: Sink {
    private struct State {
        var batches: [OutgoingBatch] = []
        var closeCount = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func takeReached() -> [CheckedContinuation<Void, Never>] {
            let reached = watchers.filter { $0.count <= batches.count }.map(\.continuation)
            watchers.removeAll { $0.count <= batches.count }
            return reached
        }
    }

    let delivery: SinkDelivery
    private let answer: @Sendable (OutgoingBatch, Int) -> DeliveryOutcome
    private let state = Mutex(State())

    init(
        _ delivery: SinkDelivery = SinkDelivery(mode: .independent, maximumEvents: 1, concurrency: 1),
        answer: @escaping @Sendable (OutgoingBatch, Int) -> DeliveryOutcome = { _, _ in .delivered }
    ) {
        self.delivery = delivery
        self.answer = answer
    }

    func send(_ batch: OutgoingBatch) async -> BatchOutcome {
        let (number, reached) = state.withLock { state in
            state.batches.append(batch)
            return (state.batches.count, state.takeReached())
        }
        for continuation in reached { continuation.resume() }
        return .whole(answer(batch, number))
    }

    func close() async { state.withLock { $0.closeCount += 1 } }

    /// Returns when this many batches have come.
    func wait(for count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.batches.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    var batches: [OutgoingBatch] { state.withLock { $0.batches } }
    var ids: [String] { batches.flatMap(\.events).map(\.event.id) }
    var texts: [String] { batches.flatMap(\.events).map { String(decoding: $0.body, as: UTF8.self) } }
    var closeCount: Int { state.withLock { $0.closeCount } }
}

extension ReplayDestination {
    /// Without jitter, so that a test knows when something is due.
    static func to(_ sink: ReplaySink, body: BodyForm = .event, attempts: Int = 3) -> ReplayDestination {
        var retry = RetryPolicy()
        retry.jitter = .none
        retry.attempts = attempts
        return ReplayDestination(sink: sink, body: body, retry: retry)
    }
}
