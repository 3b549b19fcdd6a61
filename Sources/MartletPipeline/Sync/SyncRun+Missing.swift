import Martlet
import MartletClouds
import Synchronization

// What the index has and the origin has not.

extension SyncRun {
    /// Resources of the index that are looked at in one read.
    private static let pageLimit = 1_000
    /// So many may always be missing; of more, no more than half of what the index has of their type.
    private static let unsuspicious = 20

    private struct Missing {
        /// What the index has of the type.
        var known = 0
        var keys: [ResourceKey] = []
    }

    /// Looks for what has gone, of those types that have been listed to their end, and concludes these.
    func lookForMissing() async throws {
        state.withLock { ($0.status.phase, $0.status.current) = (.missing, nil) }
        var missing = try await missing()
        for type in status.types where type.state == .listed {
            let found = missing.removeValue(forKey: type.type) ?? Missing()
            let isDoubtful =
                found.keys.count > SyncRun.unsuspicious && found.keys.count * 2 > found.known
                && !request.acceptsDeletions
            if isDoubtful {
                update(type.type) { status in
                    status.state = .doubtful
                    status.counts.unconfirmed += found.keys.count
                    status.reason = """
                        \(found.keys.count) of the \(found.known) in the index are missing at the origin, as when the enricher's \
                        credential shows one project only. None was taken for deleted; if they are gone indeed, say \
                        --accept-deletions.
                        """
                }
                continue
            }
            state.withLock { $0.status.current = type.type }
            try await confirm(found.keys, of: type.type)
            if !request.isDry { try await memory.note(.whole, of: type.type, at: means.time.now) }
            update(type.type) { $0.state = .complete }
        }
    }

    /// By type, those that were not listed and of which no event has come since the listing began.
    private func missing() async throws -> [String: Missing] {
        let (seen, begun) = state.withLock { ($0.seen, $0.begun) }
        let listed = Set(status.types.filter { $0.state == .listed }.map(\.type))
        var missing: [String: Missing] = [:]
        guard !listed.isEmpty else { return missing }
        var next: ResourceKey?
        repeat {
            try Task.checkCancellation()
            let page = try await means.store.indexEntries(of: cloud, after: next, limit: SyncRun.pageLimit)
            for entry in page.entries where listed.contains(entry.resource.type) {
                let type = entry.resource.type
                missing[type, default: Missing()].known += 1
                if !seen.contains(entry.key.rawValue), entry.latest <= begun[type] ?? .zero {
                    missing[type]?.keys.append(entry.key)
                }
            }
            next = page.next
        } while next != nil
        return missing
    }

    /// Asks for each by itself; what the origin does not know has gone, what it has is compared like what it listed.
    private func confirm(_ keys: [ResourceKey], of type: String) async throws {
        let width = max(1, means.member.policy.concurrency)
        var rest = keys[...]
        while !rest.isEmpty {
            try Task.checkCancellation()
            let part = Array(rest.prefix(width))
            rest = rest.dropFirst(part.count)
            let records = try await means.store.resources(withKeys: part)
            let answers = try await withThrowingTaskGroup(of: SyncObservation?.self) { group in
                for record in records.values {
                    group.addTask {
                        try await self.observation(of: ResourceReference(type: record.type, id: record.id))
                    }
                }
                return try await group.reduce(into: [SyncObservation?]()) { $0.append($1) }
            }
            let observations = answers.compactMap(\.self)
            update(type) { status in
                status.counts.unconfirmed += answers.count - observations.count
                status.counts.read += observations.count { $0.facts != nil }
            }
            try await compare(observations, of: type)
            if observations.isEmpty, !answers.isEmpty {
                // It does not answer any more, or never does: the rest would take as long each.
                let unasked = rest.count
                return update(type) { $0.counts.unconfirmed += unasked }
            }
        }
    }

    /// What the origin says of a resource by itself; `nil` where it does not say.
    private func observation(of resource: ResourceReference) async throws -> SyncObservation? {
        guard means.member.enricher.knows(resource.type) else { return nil }
        var failures = 0
        while true {
            let asked = try await means.store.head()
            let time = means.time.now
            do {
                let facts = try await means.member.enricher.confirmedFacts(of: resource)
                return SyncObservation(
                    subject: ResourceSubject(cloud: cloud, resource: resource),
                    facts: facts,
                    asked: asked,
                    time: time
                )
            } catch is InventoryRefusal {
                return nil
            } catch let error as EnricherError {
                failures += 1
                do {
                    try await pause(after: error, failures)
                } catch is EnricherError {
                    return nil
                }
            }
        }
    }
}
