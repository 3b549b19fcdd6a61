import Synchronization

/// Wakes one waiting task, however often it was rung meanwhile.
package final class Doorbell: Sendable {
    private enum State {
        case silent
        case rung
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.silent)

    package init() {}

    /// Wakes the waiting task, or the next one to wait.
    package func ring() {
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

    /// Returns when it has been rung since the last wait, or when the task is cancelled. One task waits at a time.
    package func wait() async {
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
            // Before the wait it is remembered, during the wait it wakes: no cancellation is missed.
            ring()
        }
    }

    /// Waits for a ring, but no longer than `duration`; `nil` for as long as it takes.
    package func wait(atMost duration: Duration?, time: some TimeSource) async {
        guard let duration else { return await wait() }
        await withTaskGroup { group in
            group.addTask { await self.wait() }
            // A cancelled sleep is the ring that came first, or the caller's own cancellation.
            group.addTask { try? await time.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }
}
