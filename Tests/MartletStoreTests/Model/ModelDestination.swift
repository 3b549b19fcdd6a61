import Martlet
import MartletPipeline
import MartletTesting
import Synchronization

/// How a destination feels.
enum Weather: Sendable, Hashable {
    case fine
    /// So many percent of the events fail, most of them for now, some for good.
    case rough(percent: Int)
    case unavailable
    case gone
    /// What is sent stays without an answer until the weather changes.
    case hanging
}

/// A destination whose answers depend on the seed, the event and how often it has come: the same in every run.
final class ModelDestination: Sendable {
    private struct State {
        var weather = Weather.fine
        var tries: [Position: Int] = [:]
        var journal: [JournalEntry] = []
        var hanging: [CheckedContinuation<Void, Never>] = []
        var isDead = false
    }

    private let seed: UInt64
    private let time: ManualTime
    private let executor: SteppedExecutor
    private let state = Mutex(State())

    init(seed: UInt64, time: ManualTime, executor: SteppedExecutor) {
        self.seed = seed
        self.time = time
        self.executor = executor
    }

    /// Changes the weather; what hung is answered by the new one.
    func set(_ weather: Weather) {
        let hanging = state.withLock { state in
            state.weather = weather
            defer { state.hanging = [] }
            return state.hanging
        }
        for continuation in hanging { continuation.resume() }
    }

    /// Nothing arrives any more: the process that sends has been killed.
    func kill() {
        state.withLock { $0.isDead = true }
        set(.fine)
    }

    /// The next life of the process finds it as it was.
    func revive(_ weather: Weather) {
        state.withLock { $0.isDead = false }
        set(weather)
    }

    /// What has happened since the last call.
    func takeJournal() -> [JournalEntry] {
        state.withLock { state in
            defer { state.journal = [] }
            return state.journal
        }
    }

    /// Answers what comes by one of the ways to it.
    func take(_ batch: OutgoingBatch, by sink: ModelSink) async -> BatchOutcome {
        let positions = batch.events.map { $0.event.position ?? .zero }
        let (began, isLate) = (time.steadyNow, sink.isClosed)
        // Others get their turn while it is on its way.
        for _ in 0..<Int(seed % 4) { await executor.yield() }
        await hang()
        if Task.isCancelled { return .whole(.unavailable("cancelled")) }
        return state.withLock { state in
            if state.isDead { return .whole(.unavailable("killed")) }
            let (outcome, answers) = answer(positions, mode: sink.delivery.mode, &state)
            state.journal.append(
                JournalEntry(
                    positions: positions,
                    answers: answers,
                    isMarked: batch.events.allSatisfy { $0.event.fields.isReplay },
                    resynchronised: Set(
                        batch.events.map(\.event).filter(\.fields.isResynchronised).compactMap(\.position?.rawValue)
                    ),
                    isProtected: isProtected(batch),
                    sink: sink,
                    isLate: isLate,
                    began: began,
                    ended: time.steadyNow,
                    answered: time.now
                )
            )
            return outcome
        }
    }

    private func isProtected(_ batch: OutgoingBatch) -> Bool? {
        // Martlet's own alerts have nothing to hide.
        let events = batch.events.filter { $0.event.cloud == "prod" }
        if events.isEmpty { return nil }
        return events.allSatisfy { !String(decoding: $0.body, as: UTF8.self).contains(#""n":"#) }
    }

    private func hang() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.weather != .hanging || Task.isCancelled { return true }
                    state.hanging.append(continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let hanging = state.withLock { state in
                defer { state.hanging = [] }
                return state.hanging
            }
            for continuation in hanging { continuation.resume() }
        }
    }

    private func answer(
        _ positions: [Position],
        mode: SinkDelivery.Mode,
        _ state: inout State
    ) -> (BatchOutcome, [DeliveryOutcome]) {
        let percent: Int
        switch state.weather {
        case .fine, .hanging: percent = 0
        case .rough(let value): percent = value
        case .unavailable: return whole(.unavailable("unavailable"), positions)
        case .gone: return whole(.gone("gone"), positions)
        }
        var answers = positions.map { position -> DeliveryOutcome in
            state.tries[position, default: 0] += 1
            return answer(position, tries: state.tries[position] ?? 0, percent: percent)
        }
        let failed = answers.firstIndex { $0 != .delivered }
        switch mode {
        case .atomic: return whole(failed.map { answers[$0] } ?? .delivered, positions)
        case .prefix:
            if let failed { for index in (failed + 1)..<max(failed + 1, answers.count) { answers[index] = .untried } }
            return (.each(answers), answers)
        case .independent: return (.each(answers), answers)
        }
    }

    private func whole(_ outcome: DeliveryOutcome, _ positions: [Position]) -> (BatchOutcome, [DeliveryOutcome]) {
        (.whole(outcome), Array(repeating: outcome, count: positions.count))
    }

    private func answer(_ position: Position, tries: Int, percent: Int) -> DeliveryOutcome {
        var random = SeededGenerator(seed: seed ^ UInt64(position.rawValue) << 20 ^ UInt64(tries) << 48)
        guard Int.random(in: 0..<100, using: &random) < percent else { return .delivered }
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: return .reject("rejected")
        case 2: return .unavailable("busy", retryAfter: .seconds(3))
        case 3: return .retry("later", after: .seconds(40))
        default: return .retry("failed")
        }
    }
}
