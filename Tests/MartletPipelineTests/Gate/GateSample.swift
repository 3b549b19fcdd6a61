import Martlet
import MartletJSON
import MartletPipeline

/// What the tests of the gate send through it.
enum GateSample {
    static func event(
        _ json: String,
        type: String = "org.example.t",
        resource: ResourceReference? = nil,
        cloud: String = "osp",
        changes: String? = nil,
        _ change: (inout Event.Fields) -> Void = { _ in }
    ) -> StoredEvent {
        var fields = Event.Fields(
            id: "1",
            source: "/clouds/\(cloud)/nova-compute:host1",
            type: type,
            cloud: cloud,
            topic: Topic(
                source: "nova",
                category: "ActionEvent",
                type: "t",
                resource: resource?.type,
                id: resource?.id
            ),
            payload: Payload(json: ArraySlice(json.utf8))
        )
        fields.resource = resource
        fields.position = Position(rawValue: 7)
        change(&fields)
        return StoredEvent(
            event: Event(fields: fields),
            resourceKey: resource == nil ? nil : ResourceKey(rawValue: 1),
            changes: changes.map { ArraySlice($0.utf8) }
        )
    }

    static func record(_ type: String, details: String, cloud: String = "osp") -> ResourceRecord {
        var record = ResourceRecord(
            key: ResourceKey(rawValue: 1),
            cloud: cloud,
            type: type,
            id: "r-1",
            publisher: "/clouds/\(cloud)/nova-compute:host1"
        )
        record.details = ArraySlice(details.utf8)
        return record
    }
}

extension Gate {
    /// The text that leaves of an event.
    func text(_ stored: StoredEvent, _ record: ResourceRecord? = nil, as form: BodyForm = .enriched) -> String {
        String(decoding: render(stored, resource: record, as: form).body, as: UTF8.self)
    }

    /// The text that leaves of a resource by itself.
    func text(_ record: ResourceRecord) -> String {
        var writer = JSONWriter(reservingCapacity: 512)
        write(record, into: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
