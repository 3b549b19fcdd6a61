import Martlet
import MartletClient
import MartletPipeline
import Synchronization

/// Whether the store is open and commits succeed.
///
/// As long as no commit has failed, reading the head is enough. After a failure a small write is tried, at most once a
/// second, however often somebody asks.
struct Readiness: Sendable {
    private static let setting = "readiness"
    private static let writtenBytes = 32 << 10
    private static let interval = Duration.seconds(1)

    private struct State {
        /// Failed commits that a write has succeeded after.
        var forgivenFailures: Int64 = 0
        var lastAttempt: Timestamp?
        var lastFailure: StoreError?
    }

    private final class Box: Sendable {
        let state = Mutex(State())
    }

    private let pipeline: Pipeline
    private let box = Box()

    init(pipeline: Pipeline) { self.pipeline = pipeline }

    /// Returns when Martlet can take events in.
    ///
    /// - Throws: a problem of code `not-ready` or `store-full` that says what keeps it from that.
    func check() async throws {
        do {
            try await checkStore()
        } catch let error as StoreError where error.code != .full {
            throw Problem(.notReady, error.reason)
        }
    }

    private func checkStore() async throws {
        _ = try await pipeline.store.head()
        let failures = pipeline.intake.counters.commits.failed
        let now = pipeline.time.now
        let isDue = try box.state.withLock { state -> Bool in
            if state.forgivenFailures == failures { return false }
            if let last = state.lastAttempt, now - last < Readiness.interval {
                if let failure = state.lastFailure { throw failure }
                return false
            }
            state.lastAttempt = now
            return true
        }
        guard isDue else { return }
        do {
            // As much as an event takes: where only a few bytes are left, events do not fit.
            let filler = String(repeating: " ", count: Readiness.writtenBytes)
            try await pipeline.store.setSetting(Readiness.setting, to: now.description + filler)
            box.state.withLock { state in
                state.forgivenFailures = failures
                state.lastFailure = nil
            }
        } catch {
            let failure = error as? StoreError ?? StoreError(.failed, "A write failed.", underlying: error)
            box.state.withLock { $0.lastFailure = failure }
            throw failure
        }
    }
}
