package import Martlet

/// How retention is doing, for status and metrics.
package struct RetentionStatus: Sendable, Hashable {
    /// A forwarder that keeps what would go otherwise.
    package struct Hold: Sendable, Hashable {
        package var forwarder: String
        /// Its oldest event that is not concluded, and when that was recorded.
        package var position: Position
        package var recorded: Timestamp?
        /// Since when it has been holding retention back.
        package var since: Timestamp
    }

    package var policy: RetentionPolicy
    /// What the store took up at the last look, and what it may take up.
    package var used: Int64 = 0
    package var bound: Int64?
    package var hold: Hold?
    /// What has gone since the start.
    package var removedEvents: Int64 = 0
    package var removedQuarantined: Int64 = 0
    package var removedTombstones: Int64 = 0
    /// Why the last look failed.
    package var lastError: String?

    package init(policy: RetentionPolicy) { self.policy = policy }

    /// Whether the store takes up more than it may.
    package var isOverSize: Bool { bound.map { used > $0 } ?? false }
}
