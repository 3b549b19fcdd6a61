import MartletPipeline
import Synchronization

/// What keeps a source from taking in, by its causes: it runs when none is left.
final class SourceHealth: Sendable {
    enum Cause: Int, Sendable, Comparable {
        /// The events cannot be committed.
        case store
        case connection
        case topic
        case group
        /// What librdkafka cannot go on after.
        case client

        static func < (left: Cause, right: Cause) -> Bool { left.rawValue < right.rawValue }
    }

    private struct State {
        var problems: [Cause: SourceMonitor.Problem] = [:]
        /// Whether it has been given something to read since it began.
        var hasBegun = false
    }

    private let monitor: SourceMonitor
    private let place: String
    private let state = Mutex(State())

    init(monitor: SourceMonitor, place: String) {
        self.monitor = monitor
        self.place = place
    }

    /// It has something to read.
    func begins() {
        state.withLock { state in
            state.hasBegun = true
            show(state)
        }
    }

    /// Something keeps it from reading.
    func fails(_ cause: Cause, _ problem: SourceMonitor.Problem) {
        state.withLock { state in
            guard state.problems[cause] != problem else { return }
            state.problems[cause] = problem
            show(state)
        }
    }

    func fails(_ cause: Cause, _ error: KafkaError) {
        fails(cause, SourceMonitor.Problem(error.what, at: error.place, remedy: error.remedy))
    }

    /// That is over.
    func recovers(_ cause: Cause) {
        state.withLock { state in
            guard state.problems.removeValue(forKey: cause) != nil else { return }
            show(state)
        }
    }

    private func show(_ state: State) {
        if let first = state.problems.min(by: { $0.key < $1.key }) {
            monitor.isFailing(first.value)
        } else if state.hasBegun {
            monitor.isRunning(at: place)
        }
    }
}
