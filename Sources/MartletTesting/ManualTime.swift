package import Martlet
import MartletPipeline
import Synchronization

/// A clock that stands still until the test moves it: a sleep ends when the moment it waits for has come.
package final class ManualTime: TimeSource {
    private struct Sleeper {
        var due: Timestamp
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        /// By the clock that nobody sets, which sleeps go by.
        var now: Timestamp
        /// How far the other one has been set ahead of it.
        var lead = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [Watcher] = []
        var nextID = 0

        /// The watchers whose number of sleepers has been reached.
        mutating func takeWatchers() -> [Watcher] {
            let reached = watchers.filter { $0.count <= sleepers.count }
            watchers.removeAll { $0.count <= sleepers.count }
            return reached
        }
    }

    private let state: Mutex<State>

    /// - Parameter now: where the clock stands; 2026-01-01T00:00:00Z where nothing else is said.
    package init(now: Timestamp = Timestamp(seconds: 1_767_225_600)) { state = Mutex(State(now: now)) }

    package var now: Timestamp { state.withLock { $0.now + $0.lead } }
    package var steadyNow: Timestamp { state.withLock { $0.now } }

    /// How many tasks sleep.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    package func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (result, watchers) = state.withLock { state -> (Result<Void, any Error>?, [Watcher]) in
                    if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
                    if duration <= .zero { return (.success(()), []) }
                    state.sleepers[id] = Sleeper(due: state.now + duration, continuation: continuation)
                    return (nil, state.takeWatchers())
                }
                if let result { continuation.resume(with: result) }
                for watcher in watchers { watcher.continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                if let sleeper = state.sleepers.removeValue(forKey: id) { return sleeper }
                // Cancelled before it began, or after it ended: a number is never used again.
                state.cancelled.insert(id)
                return nil
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
        _ = state.withLock { $0.cancelled.remove(id) }
    }

    /// Moves the clock; those whose time has come wake in the order of their times.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state -> [Sleeper] in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }.map(\.value)
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Moves it on whenever somebody sleeps, until the condition holds.
    ///
    /// Nobody is waited for: who slept last may have done what the condition asks for, and sleep no more.
    package func advance(by step: Duration, until condition: () async throws -> Bool) async rethrows {
        while try await !condition() {
            if sleeperCount > 0 { advance(by: step) }
            await Task.yield()
        }
    }

    /// Sets the clock, forward or back; nobody wakes.
    package func set(by duration: Duration) { state.withLock { $0.lead += duration } }

    /// Returns when at least this many tasks sleep: then the clock can be moved, and nobody misses it.
    package func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state -> Bool in
                if state.sleepers.count >= count { return true }
                state.watchers.append(Watcher(count: count, continuation: continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
