package import Logging
import Martlet
import Synchronization

/// The syncs of a running server: begins them, one a cloud at a time, and ends them.
///
/// What they are doing is kept in memory: a server that begins anew knows none of those before.
package final class Syncs: Sendable {
    /// Those that have ended and are still told of.
    private static let remembered = 50

    private struct State {
        var runs: [SyncID: SyncRun] = [:]
        /// Those that are to begin.
        var waiting: [SyncRun] = []
        var lastID: Int64 = 0
        var isStopping = false
    }

    private let store: any EventStore
    private let intake: Intake
    private let enrichment: Enrichment?
    private let time: any TimeSource
    private let logger: Logger
    private let state = Mutex(State())
    private let doorbell = Doorbell()
    package let counters = SyncCounters()

    package init(
        store: any EventStore,
        intake: Intake,
        time: any TimeSource,
        logger: Logger = Logger(label: "martlet.syncs")
    ) {
        self.store = store
        self.intake = intake
        self.enrichment = intake.enrichment
        self.time = time
        self.logger = logger
    }

    /// Runs what is begun until it is told to ``stop()`` or the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, !state.withLock({ $0.isStopping }) {
                let begun = state.withLock { state in
                    defer { state.waiting = [] }
                    return state.waiting
                }
                for run in begun {
                    group.addTask { await run.run() }
                }
                await doorbell.wait()
            }
            let (runs, waiting) = state.withLock { state in
                defer { state.waiting = [] }
                state.isStopping = true
                return (Array(state.runs.values), state.waiting)
            }
            for run in runs { run.stop("Martlet is stopping.") }
            group.cancelAll()
            // Those that have not begun end too, so that nobody waits for them.
            for run in waiting { group.addTask { await run.run() } }
        }
    }

    /// Ends all of them; ``run()`` returns then.
    package func stop() {
        state.withLock { $0.isStopping = true }
        doorbell.ring()
    }

    /// Newest first.
    package var all: [SyncStatus] {
        state.withLock { Array($0.runs.values) }.map(\.status).sorted { $0.id > $1.id }
    }

    package func status(of id: SyncID) throws(SyncError) -> SyncStatus { try found(id).status }

    /// Begins a sync.
    ///
    /// - Throws: ``SyncError`` where it cannot be, with the remedy.
    package func start(_ request: SyncRequest) throws(SyncError) -> SyncStatus {
        let choice = try SyncChoice(request, among: enrichment?.members(of: nil) ?? [])
        let now = time.now
        let run = try state.withLock { state throws(SyncError) in
            guard !state.isStopping else { throw SyncError(.stopped, "Martlet is stopping.") }
            if let other = state.runs.values.map(\.status).first(where: {
                $0.state == .running && $0.cloud == choice.cloud
            }) {
                throw SyncError(
                    .conflict,
                    "Sync \(other.id) of the cloud “\(other.cloud)” is running. Wait for it to end, or stop it."
                )
            }
            state.lastID += 1
            let status = SyncStatus(
                id: SyncID(rawValue: state.lastID),
                request: request,
                cloud: choice.cloud,
                types: choice.types,
                created: now
            )
            let run = SyncRun(
                status,
                SyncRun.Means(
                    member: choice.member,
                    inventory: choice.inventory,
                    store: store,
                    intake: intake,
                    counters: counters,
                    time: time,
                    logger: logger
                )
            )
            state.runs[status.id] = run
            state.waiting.append(run)
            let ended = state.runs.values.map(\.status).filter { $0.state != .running }.map(\.id).sorted()
            for id in ended.dropLast(Syncs.remembered) { state.runs[id] = nil }
            return run
        }
        doorbell.ring()
        logger.info("A sync begins.", metadata: ["sync": "\(run.status.id)", "cloud": "\(run.cloud)"])
        return run.status
    }

    /// Ends a sync, and returns when nothing more comes of it.
    package func stop(_ id: SyncID, reason: String) async throws(SyncError) -> SyncStatus {
        let run = try found(id)
        guard run.status.state == .running else {
            throw SyncError(.conflict, "Sync \(id) has ended: it is \(run.status.state.rawValue).")
        }
        run.stop(reason)
        await run.ended.wait()
        return run.status
    }

    /// Ends those whose enricher is no longer configured.
    package func configurationChanged() {
        let runs = state.withLock { Array($0.runs.values) }.filter { $0.status.state == .running }
        for run in runs {
            let members = enrichment?.members(of: run.cloud) ?? []
            if !members.contains(where: { $0.name == run.request.kind }) {
                run.stop(
                    "The enricher \(run.request.kind) of the cloud “\(run.cloud)” is no longer in the configuration."
                )
            }
        }
    }

    private func found(_ id: SyncID) throws(SyncError) -> SyncRun {
        guard let run = state.withLock({ $0.runs[id] }) else {
            throw SyncError(
                .unknown,
                "There is no sync \(id); a server that was started anew knows none of those before."
            )
        }
        return run
    }
}
