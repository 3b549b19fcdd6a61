import CRdKafka
import Dispatch
import Synchronization

/// How other threads speak to the one that owns a client.
///
/// That thread is no actor's executor because it ends with its client: what is asked of a client that has ended is refused,
/// while an executor may refuse no job.
final class KafkaInbox<Owner>: Sendable {
    /// What the thread is to do; called with `nil` where the client has ended, on whatever thread asked.
    typealias Command = @Sendable (Owner?) -> Void

    private enum Wait {
        case none
        /// Until a command comes.
        case idle
        /// In librdkafka, until an event comes.
        case polling
    }

    private struct State {
        var commands: [Command] = []
        var wait = Wait.none
        var isStopping = false
        /// Nobody takes commands any more, and the queue may be gone.
        var hasEnded = false
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let commandCame = DispatchSemaphore(value: 0)

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

    /// Tells the thread to end, and returns when it has.
    func stopAndWait() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                guard !state.hasEnded else { return true }
                state.isStopping = true
                state.stopWaiters.append(continuation)
                wake(&state)
                return false
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func wake(_ state: inout State) {
        switch state.wait {
        case .none: break
        case .idle: commandCame.signal()
        case .polling: pollingQueue.withLock { $0.map { rd_kafka_queue_yield($0.pointer) } }
        }
        state.wait = .none
    }

    // MARK: The thread's side

    /// What has come in since the last time.
    func take() -> (commands: [Command], isStopping: Bool) {
        state.withLock { state in
            state.wait = .none
            let commands = state.commands
            state.commands.removeAll(keepingCapacity: true)
            return (commands, state.isStopping)
        }
    }

    /// Waits until there is something to take; whether there is before the time is over.
    func waitForCommand(atMost duration: DispatchTimeInterval) -> Bool {
        let mayWait = state.withLock { state in
            guard state.commands.isEmpty, !state.isStopping else { return false }
            state.wait = .idle
            return true
        }
        // A signal that comes just too late ends the next wait before its time, and nothing else.
        return !mayWait || commandCame.wait(timeout: .now() + duration) == .success
    }

    /// Whether the thread may wait in librdkafka: from now on a command makes that return.
    func prepareToPoll(_ handle: KafkaHandle) -> Bool {
        state.withLock { state in
            guard state.commands.isEmpty, !state.isStopping else { return false }
            pollingQueue.withLock { $0 = Queue(pointer: handle.queue) }
            state.wait = .polling
            return true
        }
    }

    /// The thread ends: commands are refused from here on, those that nobody took as well. The client goes only after this.
    func end() {
        let (commands, waiters) = state.withLock { state in
            state.hasEnded = true
            state.wait = .none
            pollingQueue.withLock { $0 = nil }
            defer { (state.commands, state.stopWaiters) = ([], []) }
            return (state.commands, state.stopWaiters)
        }
        for command in commands { command(nil) }
        for waiter in waiters { waiter.resume() }
    }

    /// A queue that is only told to yield by other threads, which librdkafka allows, and only while the client is there: under
    /// the lock and before ``end()``.
    private struct Queue: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let pollingQueue = Mutex<Queue?>(nil)
}
