package import Martlet
import MartletClouds

extension ResourceIndexer {
    /// Whether a comparison has something to tell the index, though it may differ in nothing that counts.
    package func isNews(_ comparison: SyncComparison, for record: ResourceRecord?) -> Bool {
        guard comparison.found != .newer else { return false }
        guard let record else { return comparison.found != .unchanged }
        guard record.deleted == nil || comparison.found.isDifference else { return false }
        if record.enriched == nil { return true }
        var shaped = record
        shapeInSilence(&shaped, by: comparison, at: record.enriched ?? Timestamp(nanoseconds: 0))
        return shaped != record
    }

    /// Has what a comparison found shape a record, as a fact that is no event.
    package func shapeInSilence(_ record: inout ResourceRecord, by comparison: SyncComparison, at recorded: Timestamp) {
        shape(&record, by: comparison.facts, at: recorded)
        record.enriched = recorded
    }
}
