import CCurl
import Synchronization

/// How other threads speak to the engine's.
final class TransferInbox: Sendable {
    enum Command {
        case start(Exchange, Exchange.Receiver)
        case cancel(Exchange)
        /// The follower of a paused stream has room again.
        case resume(Exchange)
    }

    private struct State {
        var commands: [Command] = []
        var isStopping = false
        /// The engine has ended: nothing may touch the multi handle any more.
        var hasEnded = false
        /// The engine is about to wait, or waits, and has to be woken.
        var isWaiting = false
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    // Unsafe for the compiler only: `curl_multi_wakeup`, the one function that may be called from any thread, is all that is
    // called here, and only under the lock and before `hasEnded`, with which the engine frees the handle.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer

    init(multi: UnsafeMutableRawPointer) {
        self.multi = multi
    }

    /// Hands a command over; false where the engine is stopping, and then nobody will look at it.
    func submit(_ command: Command) -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.commands.append(command)
            wake(&state)
            return true
        }
    }

    /// Tells the engine to stop, without waiting for it.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            wake(&state)
        }
    }

    /// Tells the engine to stop, and resumes the waiter when it has.
    func stop(_ waiter: CheckedContinuation<Void, Never>) {
        let hasEnded = state.withLock { state in
            guard !state.hasEnded else { return true }
            state.isStopping = true
            state.stopWaiters.append(waiter)
            wake(&state)
            return false
        }
        if hasEnded { waiter.resume() }
    }

    private func wake(_ state: inout State) {
        guard state.isWaiting, !state.hasEnded else { return }
        state.isWaiting = false
        // Fails only where the handle has no descriptor to wake by, which the engine's initialiser has ruled out.
        _ = curl_multi_wakeup(multi)
    }

    // MARK: The engine's side

    /// What has come in since the last time.
    func take() -> (commands: [Command], isStopping: Bool) {
        state.withLock { state in
            state.isWaiting = false
            let commands = state.commands
            state.commands.removeAll()
            return (commands, state.isStopping)
        }
    }

    /// Whether the engine may wait: from now on it is woken for what comes in.
    func prepareToWait() -> Bool {
        state.withLock { state in
            state.isWaiting = state.commands.isEmpty && !state.isStopping
            return state.isWaiting
        }
    }

    /// The engine has answered everything and will not call again; `free` gives the multi handle back.
    func end(free: () -> Void) {
        let waiters = state.withLock { state in
            state.hasEnded = true
            free()
            let waiters = state.stopWaiters
            state.stopWaiters = []
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
