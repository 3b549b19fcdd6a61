import Martlet
package import MartletPipeline

// What syncs need.

extension InMemoryEventStore {
    package func indexEntries(
        of cloud: String,
        after key: ResourceKey?,
        limit: Int
    ) async throws -> (next: ResourceKey?, entries: [IndexEntry]) {
        try withState { state in
            let records = state.resources.values.filter { $0.key.rawValue > key?.rawValue ?? 0 }
                .sorted { $0.key.rawValue < $1.key.rawValue }.prefix(limit)
            let entries = records.filter { $0.cloud == cloud && $0.deleted == nil }.map {
                IndexEntry(
                    key: $0.key,
                    resource: ResourceReference(type: $0.type, id: $0.id),
                    latest: $0.latest
                )
            }
            return (records.count == limit ? records.last?.key : nil, entries)
        }
    }

    /// Compares what a cloud's API has said with the index, and makes events of what differs.
    func compare(
        _ sync: SyncBatch,
        at time: Timestamp,
        _ state: inout State,
        _ events: inout [StoredEvent],
        _ receipt: inout CommitReceipt
    ) {
        var made = 0
        for observation in sync.observations {
            let subject = observation.subject
            let (resource, cloud) = (subject.resource, subject.cloud)
            let name = ResourceName(cloud: cloud, type: resource.type, id: resource.id)
            let known = state.resourceKeys[name].flatMap { state.resources[$0] }
            let comparison = SyncComparison(observation, with: known)
            var outcome = SyncOutcome(found: comparison.found, key: known?.key)
            outcome.differences = comparison.differences
            if comparison.found.isDifference, !sync.silent.contains(comparison.found) {
                outcome.isPostponed = made >= sync.maximumEvents
                if !outcome.isPostponed {
                    made += 1
                    let event = SyncEvent(observation, comparison, record: known, origin: sync.origin).event
                    append(event, comparison.facts, at: time, to: &state, &events, &receipt)
                }
            } else if indexer.isNews(comparison, for: known) {
                change(resource, cloud: cloud, publisher: "", &state) {
                    indexer.shapeInSilence(&$0, by: comparison, at: time)
                }
            }
            outcome.key = state.resourceKeys[name]
            receipt.sync.append(outcome)
        }
    }
}
