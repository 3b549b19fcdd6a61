import MartletPipeline
import Synchronization

/// Wakes the one task that waits, however often it was rung meanwhile.
final class Bell: Sendable {
    private enum State {
        case silent
        case rung
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.silent)

    /// Wakes the waiting task, or the next one to wait.
    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .waiting(let continuation) = state {
                state = .silent
                return continuation
            }
            state = .rung
            return nil
        }
        waiter?.resume()
    }

    /// Returns when it has been rung, when the task is cancelled, or after a while.
    func wait(atMost duration: Duration, time: some TimeSource) async {
        await withTaskGroup { group in
            group.addTask { await self.wait() }
            // A cancelled sleep is the ring that came first, or the caller's own cancellation.
            group.addTask { try? await time.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isRung = state.withLock { state -> Bool in
                    if case .silent = state {
                        state = .waiting(continuation)
                        return false
                    }
                    state = .silent
                    return true
                }
                if isRung { continuation.resume() }
            }
        } onCancel: {
            // Before the wait it is remembered, during the wait it wakes. A ring too many costs one look.
            ring()
        }
    }
}
