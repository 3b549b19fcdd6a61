import Martlet
import MartletClouds
import Synchronization

// Having observations compared with the index.

extension SyncRun {
    /// Observations of one commit: what is postponed for the rate's sake is compared again, and others commit in between.
    private static let batchLimit = 128
    private static let commitAttempts = 5

    /// Has observations of one type compared, at the pace that is allowed for events.
    func compare(_ observations: [SyncObservation], of type: String) async throws {
        if request.isDry { return try await compareDry(observations, of: type) }
        let silent = state.withLock { $0.silent[type] } ?? SyncMemory.Extent.none.silent
        var rest = observations[...]
        while !rest.isEmpty {
            try Task.checkCancellation()
            let batch = Array(rest.prefix(SyncRun.batchLimit))
            rest = rest.dropFirst(batch.count)
            let now = means.time.steadyNow
            let (delay, burst) = state.withLock { ($0.limit.delay(now: now), $0.limit.burst) }
            let receipt = try await commit(
                SyncBatch(
                    origin: request.kind,
                    observations: batch,
                    silent: silent,
                    maximumEvents: delay == nil ? burst : 0
                )
            )
            var postponed: [SyncObservation] = []
            for (observation, outcome) in zip(batch, receipt.sync) {
                if outcome.isPostponed { postponed.append(observation) } else { note(outcome, of: observation, type) }
            }
            state.withLock { state in
                state.limit.spend(receipt.accepted)
                state.status.events += receipt.accepted
            }
            guard !postponed.isEmpty else { continue }
            rest = (postponed + rest)[...]
            let wait = state.withLock { $0.limit.delay(now: means.time.steadyNow) }
            if let wait { try await means.time.sleep(for: wait) }
        }
    }

    /// Compares with the index as readers see it, and changes nothing.
    private func compareDry(_ observations: [SyncObservation], of type: String) async throws {
        for observation in observations {
            try Task.checkCancellation()
            let resource = observation.subject.resource
            let record = try await means.store.resources(type: resource.type, id: resource.id, cloud: cloud).first
            let comparison = SyncComparison(observation, with: record)
            var outcome = SyncOutcome(found: comparison.found, key: record?.key)
            outcome.differences = comparison.differences
            note(outcome, of: observation, type)
        }
    }

    private func note(_ outcome: SyncOutcome, of observation: SyncObservation, _ type: String) {
        state.withLock { state in
            if observation.facts != nil, let key = outcome.key { state.seen.insert(key.rawValue) }
            if outcome.found.isDifference, state.status.differences.count < SyncStatus.maximumDifferences {
                state.status.differences.append(
                    SyncDifference(
                        resource: observation.subject.resource,
                        name: observation.facts?.shownName,
                        found: outcome.found,
                        differences: outcome.differences
                    )
                )
            }
        }
        update(type) { $0.counts.add(outcome.found) }
        // Who shows a name beside an id would show the former one for a while.
        if outcome.differences["name"] != nil, !request.isDry {
            means.intake.enrichment?.names.withLock { $0.forget(observation.subject) }
        }
    }

    /// Commits a batch; a disk that is full or slow for a moment does not end the sync.
    private func commit(_ batch: SyncBatch) async throws -> CommitReceipt {
        var failures = 0
        while true {
            do {
                return try await means.intake.submit(IntakeBatch(sync: batch))
            } catch {
                failures += 1
                try Task.checkCancellation()
                guard failures < SyncRun.commitAttempts, error.mayPass else { throw error }
                try await means.time.sleep(for: .seconds(1 << (failures - 1)))
            }
        }
    }
}

extension Error {
    /// Whether the same commit may succeed in a while.
    fileprivate var mayPass: Bool {
        if let error = self as? IntakeError { return error.code == .overloaded }
        return (self as? StoreError)?.code == .full
    }
}
