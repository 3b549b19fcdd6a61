import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline

/// Makes a resource's record from its events, as the index did when they came.
struct ResourceReplay {
    private let indexer = ResourceIndexer()
    private let reader = CloudFactReader()

    /// The record that a resource's events lead to, ascending; `nil` where there is none.
    func record(of events: some Sequence<StoredEvent>) -> ResourceRecord? {
        var record: ResourceRecord?
        for stored in events {
            guard let key = stored.resourceKey, let resource = stored.event.resource else { continue }
            var next = record ?? ResourceReplay.blank(of: stored, key, resource)
            apply(stored, to: &next)
            record = next
        }
        return record
    }

    func apply(_ stored: StoredEvent, to record: inout ResourceRecord) {
        let event = stored.event
        // What was too old when it came is so for good: by which way it came is not in the log. Where what it was too old for
        // has gone from the log, it is the best that there is.
        guard !event.fields.isStale || record.position == .zero else {
            record.latest = stored.position
            return
        }
        let body = event.payload.json.flatMap { try? JSONDocument(parsing: $0).root }
        // What a CloudEvent tells is in its attributes.
        let facts = body.flatMap { reader.facts(of: event, body: $0) }
        let recorded = event.fields.recordedTime ?? event.time ?? Timestamp(nanoseconds: 0)
        _ = indexer.apply(event, facts: facts, at: recorded, to: &record)
    }

    static func blank(of stored: StoredEvent, _ key: ResourceKey, _ resource: ResourceReference) -> ResourceRecord {
        ResourceRecord(
            key: key,
            cloud: stored.event.cloud,
            type: resource.type,
            id: resource.id,
            publisher: stored.event.source
        )
    }
}
