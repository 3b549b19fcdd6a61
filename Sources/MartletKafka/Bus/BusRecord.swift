import Martlet
import MartletJSON

/// How events travel: as CloudEvents in the JSON format, with all of Martlet's attributes.
enum BusRecord {
    static func record(of event: Event, key: String?) -> ProducerRecord {
        var writer = JSONWriter()
        CloudEventEncoder().encode(event, into: &writer)
        return ProducerRecord(
            key: key.map { Array($0.utf8) },
            value: Array(writer.bytes),
            headers: [(name: "content-type", value: CloudEventEncoder.contentType)]
        )
    }

    /// The event that a record carries; `nil` where it is none, as when somebody else writes to the topic.
    static func event(of record: KafkaRecord) -> Event? {
        guard let value = record.value else { return nil }
        let json = try? JSONDocument(parsing: value).root
        var headers: [String: String] = [:]
        for (name, value) in record.headers { headers[name.lowercased()] = String(decoding: value, as: UTF8.self) }
        let cloud = json?["cloud"]?.string ?? headers["ce_cloud"] ?? ""
        let message = Message(bytes: value, json: json, headers: headers)
        let origin = Origin(sourceName: cloud, cloud: cloud)
        guard let event = try? CloudEventsFormat().decode(message, from: origin) else { return nil }
        return event.with { fields in
            if let data = fields.payload.json { fields.payload = Payload(json: data) }
            guard let json else { return }
            // What the format lets nobody say who is not Martlet; between the ends of a bus it is Martlet who speaks.
            fields.isStale = json["stale"]?.boolean ?? false
            fields.isReplay = json["replay"]?.boolean ?? false
            fields.isResynchronised = json["resync"]?.boolean ?? false
            fields.isImpossibleTransition = json["impossibletransition"]?.boolean ?? false
            fields.recordedTime = json["recordedtime"]?.string.flatMap { Timestamp($0) }
            fields.position = json["position"]?.string.flatMap { Position($0) }
        }
    }
}
