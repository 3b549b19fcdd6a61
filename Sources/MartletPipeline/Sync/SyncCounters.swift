import Martlet
import Synchronization

/// What the syncs since the start have come to, for metrics.
package final class SyncCounters: Sendable {
    package struct Numbers: Sendable, Hashable {
        /// Syncs that have ended, by how.
        package var ended: [SyncStatus.State: Int] = [:]
        package var total = SyncCounts()
        package var events = 0
    }

    private let clouds = Mutex<[String: Numbers]>([:])

    package init() {}

    /// By cloud.
    package var numbers: [String: Numbers] { clouds.withLock { $0 } }

    /// Counts a sync that has ended; one that changes nothing counts as such only.
    func add(_ status: SyncStatus) {
        clouds.withLock { clouds in
            clouds[status.cloud, default: Numbers()].ended[status.state, default: 0] += 1
            guard !status.request.isDry else { return }
            clouds[status.cloud]?.total += status.total
            clouds[status.cloud]?.events += status.events
        }
    }
}
