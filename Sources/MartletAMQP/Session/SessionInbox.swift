import Glibc
import Synchronization

/// How other threads speak to a session's.
final class SessionInbox: Sendable {
    /// Is given the connection on the session's thread, or `nil` where the session has ended, on whatever thread asked.
    typealias Command = @Sendable (AMQPConnection?) -> Void

    private struct State {
        var commands: [Command] = []
        var isStopping = false
        /// Nobody takes commands any more, and the pipe is closed.
        var hasEnded = false
        /// The thread is about to wait, or waits, and has to be woken.
        var isWaiting = false
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    /// A pipe whose one end the thread waits at, and at whose other it is woken.
    private let readEnd: Int32
    private let writeEnd: Int32

    /// The descriptor that becomes readable when the thread is woken.
    var wakeDescriptor: Int32 { readEnd }

    /// `nil` where the process has no descriptors left.
    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            // Neither can fail for a descriptor that is open.
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Has the thread run a command, after those that came before it.
    func submit(_ command: @escaping Command) {
        let isTaken = state.withLock { state in
            guard !state.hasEnded else { return false }
            state.commands.append(command)
            wake(&state)
            return true
        }
        if !isTaken { command(nil) }
    }

    /// Tells the thread to end, without waiting for it.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            wake(&state)
        }
    }

    /// Tells the thread to end, and resumes the waiter when it has.
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
        guard state.isWaiting else { return }
        state.isWaiting = false
        var byte: UInt8 = 0
        // Fails only where the pipe is full, and then the thread is awake.
        _ = write(writeEnd, &byte, 1)
    }

    // MARK: The thread's side

    /// What has come in since the last time.
    func take() -> (commands: [Command], isStopping: Bool) {
        state.withLock { state in
            state.isWaiting = false
            let commands = state.commands
            state.commands.removeAll(keepingCapacity: true)
            return (commands, state.isStopping)
        }
    }

    /// Whether the thread may wait: from now on it is woken for what comes in.
    func prepareToWait() -> Bool {
        state.withLock { state in
            state.isWaiting = state.commands.isEmpty && !state.isStopping
            return state.isWaiting
        }
    }

    /// Empties the pipe after a wait.
    func drain() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while read(readEnd, &bytes, 16) == 16 {}
    }

    /// The thread ends: commands are refused from here on, those that nobody took as well.
    func end() {
        let (commands, waiters) = state.withLock { state in
            state.hasEnded = true
            defer { (state.commands, state.stopWaiters) = ([], []) }
            return (state.commands, state.stopWaiters)
        }
        for command in commands { command(nil) }
        for waiter in waiters { waiter.resume() }
    }
}
