import Synchronization

/// Counts whom an enricher answers, so that one that is no longer configured is closed when nobody waits for it any more.
///
/// It is closed once, and only after it has been retired.
final class EnricherUse: Sendable {
    private struct State {
        var users = 0
        var isRetired = false
        var isClosed = false

        /// Whether it is to be closed now; true once.
        mutating func takeClosing() -> Bool {
            guard isRetired, users == 0, !isClosed else { return false }
            isClosed = true
            return true
        }
    }

    private let enricher: any Enricher
    private let state = Mutex(State())

    init(_ enricher: any Enricher) { self.enricher = enricher }

    /// Someone asks it from now on.
    func begin() { state.withLock { $0.users += 1 } }

    /// Someone has its answer, or waits for it no more.
    func end() async {
        let isLast = state.withLock { state in
            state.users -= 1
            return state.takeClosing()
        }
        if isLast { await enricher.close() }
    }

    /// It is not configured any more.
    func retire() async {
        let isIdle = state.withLock { state in
            state.isRetired = true
            return state.takeClosing()
        }
        if isIdle { await enricher.close() }
    }
}
