import Logging
import Martlet
import MartletClouds
import Synchronization

/// One sync: reads a cloud's resources from its API and has the intake compare them with the index, page by page.
///
/// Promises kept here: nothing is sent back to what it was before a newer event, because each comparison is made in the commit, in
/// log order; nothing is taken for deleted that has not been looked for among all of its type and then asked for by itself;
/// memory is bounded by a page and the keys of what has been listed.
///
/// A run is not resumed. Whoever begins again after a crash compares with what the index has by then, and tells the rest.
final class SyncRun: Sendable {
    /// What it works with.
    struct Means: Sendable {
        var member: EnrichmentMember
        var inventory: any ResourceInventory
        var store: any EventStore
        var intake: Intake
        var counters: SyncCounters
        var time: any TimeSource
        var logger: Logger
    }

    struct State {
        var status: SyncStatus
        /// Why it is being stopped.
        var stopReason: String?
        /// The resources of the index that the origin has listed.
        var seen: Set<Int64> = []
        /// By type: the head of the log when its listing began.
        var begun: [String: Position] = [:]
        /// By type: what is no event.
        var silent: [String: Set<SyncFinding>] = [:]
        var limit: RateLimit
    }

    let means: Means
    let request: SyncRequest
    let cloud: String
    let memory: SyncMemory
    let state: Mutex<State>
    private let stopSignal = EndSignal()
    let ended = EndSignal()

    init(_ status: SyncStatus, _ means: Means) {
        self.means = means
        request = status.request
        cloud = status.cloud
        memory = SyncMemory(store: means.store, cloud: status.cloud)
        state = Mutex(State(status: status, limit: RateLimit(rate: status.request.rate)))
    }

    var status: SyncStatus { state.withLock { $0.status } }

    /// Reads and compares until all is done, or until it is told to ``stop(_:)``.
    func run() async {
        // One that a reload replaces is closed when this has ended.
        means.member.use.begin()
        await withTaskGroup { group in
            group.addTask {
                await self.work()
                self.stopSignal.send()
            }
            group.addTask { await self.stopSignal.wait() }
            await group.next()
            group.cancelAll()
        }
        await means.member.use.end()
        ended.send()
    }

    /// Has it end before long; ``ended`` tells when.
    func stop(_ reason: String) {
        state.withLock { $0.stopReason = $0.stopReason ?? reason }
        stopSignal.send()
    }

    private func work() async {
        do {
            for type in status.types.map(\.type) {
                try Task.checkCancellation()
                try await read(type)
            }
            try await lookForMissing()
            end(.finished, nil)
        } catch {
            let reason = state.withLock { $0.stopReason }
            if let reason {
                end(.stopped, reason)
            } else if error is CancellationError || (error as? IntakeError)?.code == .stopped {
                end(.stopped, "Martlet is stopping.")
            } else {
                end(.failed, "\(error)")
            }
        }
    }

    private func end(_ ending: SyncStatus.State, _ reason: String?) {
        var status = self.status
        (status.state, status.reason, status.current, status.ended) = (ending, reason, nil, means.time.now)
        // Before it is told that it has ended: who hears of that finds it counted.
        means.counters.add(status)
        let last = status
        state.withLock { ($0.status, $0.seen) = (last, []) }
        let total = status.total
        means.logger.info(
            "A sync has ended.",
            metadata: [
                "sync": "\(status.id)", "cloud": "\(cloud)", "as": "\(ending.rawValue)", "reason": "\(reason ?? "")",
                "read": "\(total.read)", "changed": "\(total.changed)", "created": "\(total.created)",
                "deleted": "\(total.deleted)",
            ]
        )
    }

    /// Changes what is told of a type.
    func update(_ type: String, _ change: (inout SyncTypeStatus) -> Void) {
        state.withLock { state in
            guard let index = state.status.types.firstIndex(where: { $0.type == type }) else { return }
            change(&state.status.types[index])
        }
    }
}
