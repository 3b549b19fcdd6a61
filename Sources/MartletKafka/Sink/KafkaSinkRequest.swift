import Martlet
import MartletPipeline

/// What is sent for an event: pure.
struct KafkaSinkRequest: Sendable {
    let cloudEvents: KafkaSinkConfiguration.CloudEvents

    /// The record. An original goes as CloudStack itself writes it, under the resource's id and without headers; a CloudEvent
    /// goes as its binding for Kafka has it, under its `partitionkey`.
    func make(for event: OutgoingEvent) -> ProducerRecord {
        guard event.form != .original else {
            return ProducerRecord(key: event.event.resource.map { Array($0.id.utf8) }, value: event.body)
        }
        let key = event.event.partitionKey.map { Array($0.utf8) }
        // A body that is no JSON does not come through the gate; it would go as it is.
        if cloudEvents == .binary, let binary = try? BinaryCloudEvent(structured: event.body) {
            return ProducerRecord(key: key, value: binary.body, headers: binary.headers)
        }
        return ProducerRecord(
            key: key,
            value: event.body,
            headers: [(name: "content-type", value: CloudEventEncoder.contentType)]
        )
    }
}
