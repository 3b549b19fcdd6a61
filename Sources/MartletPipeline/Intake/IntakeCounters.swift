import Synchronization

/// What became of everything that the sources handed over, since the process began.
package final class IntakeCounters: Sendable {
    /// One source's counts.
    package struct Counts: Sendable, Hashable {
        package init() {}

        package var accepted: Int64 = 0
        package var duplicates: Int64 = 0
        package var quarantined: Int64 = 0
        /// Dropped before the commit, by an `ignore` pattern.
        package var ignored: Int64 = 0
        package var impossibleTransitions: Int64 = 0
        package var stale: Int64 = 0
        /// Requests or messages that were refused: no JSON, too large, not authenticated.
        package var refused: Int64 = 0
    }

    private struct State {
        var sources: [String: Counts] = [:]
        var commits: Int64 = 0
        var failures: Int64 = 0
    }

    private let state = Mutex(State())

    /// The counts of each source.
    package var sources: [String: Counts] { state.withLock { $0.sources } }
    /// Groups committed, and commits that failed.
    package var commits: (done: Int64, failed: Int64) { state.withLock { ($0.commits, $0.failures) } }

    func add(_ receipt: CommitReceipt, source: String) {
        state.withLock { state in
            state.sources[source, default: Counts()].add(receipt)
        }
    }

    func addCommit() { state.withLock { $0.commits += 1 } }

    func addFailure() { state.withLock { $0.failures += 1 } }

    package func addIgnored(_ count: Int, source: String) {
        state.withLock { $0.sources[source, default: Counts()].ignored += Int64(count) }
    }

    /// Counts messages that a source knows to be repetitions, and so does not hand over.
    package func addDuplicates(_ count: Int, source: String) {
        state.withLock { $0.sources[source, default: Counts()].duplicates += Int64(count) }
    }

    package func addRefused(source: String) {
        state.withLock { $0.sources[source, default: Counts()].refused += 1 }
    }
}

extension IntakeCounters.Counts {
    fileprivate mutating func add(_ receipt: CommitReceipt) {
        accepted += Int64(receipt.accepted)
        duplicates += Int64(receipt.duplicates)
        quarantined += Int64(receipt.quarantined)
        impossibleTransitions += Int64(receipt.impossibleTransitions)
        stale += Int64(receipt.stale)
    }
}
