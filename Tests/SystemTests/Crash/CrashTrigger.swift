import Synchronization

/// Kills the server in the middle of a delivery.
final class CrashTrigger: Sendable {
    private struct State {
        var left: Int?
        var fire: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())

    /// - Parameter count: the request that fires; `nil` for none.
    func arm(_ count: Int?, fire: @escaping @Sendable () -> Void) {
        state.withLock { $0 = State(left: count, fire: fire) }
    }

    func requestArrived() {
        let fire = state.withLock { state -> (@Sendable () -> Void)? in
            guard let left = state.left else { return nil }
            state.left = left > 1 ? left - 1 : nil
            return left > 1 ? nil : state.fire
        }
        fire?()
    }
}
