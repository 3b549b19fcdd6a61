import Martlet
import MartletJSON
import MartletPipeline

/// What is published for an event: pure.
struct AMQPSinkRequest: Sendable {
    let configuration: AMQPSinkConfiguration

    func make(for event: OutgoingEvent) -> AMQPPublication {
        var publication = AMQPPublication(
            exchange: configuration.exchange,
            routingKey: key(of: event.event),
            body: event.body,
            isPersistent: configuration.isPersistent,
            // Without it the broker confirms what no queue takes, and that is what `drop` asks for.
            isMandatory: configuration.unroutable != .drop
        )
        guard event.form != .original else {
            publication.contentType = isJSON(event) ? "application/json" : "application/octet-stream"
            return publication
        }
        publication.messageID = messageID(of: event.event)
        publication.contentType = CloudEventEncoder.contentType
        // A body that is no JSON does not come through the gate; it would go as it is.
        if configuration.cloudEvents == .binary, let binary = try? BinaryCloudEvent(structured: event.body) {
            publication.headers = binary.headers
            publication.contentType = binary.contentType
            publication.body = binary.body
        }
        return publication
    }

    private func key(of event: Event) -> String {
        switch configuration.key {
        case .topic: RoutingKey.of(event.topic)
        case .original: RoutingKey.bounded(event.fields.routingKey ?? event.topic.text)
        case .fixed(let text): text
        }
    }

    /// The event's id, where AMQP can carry it.
    private func messageID(of event: Event) -> String? {
        event.id.isEmpty || event.id.utf8.count > RoutingKey.maximumBytes ? nil : event.id
    }

    /// Whether an original is JSON: a format that found JSON in it has parsed it, and nothing needs to be parsed again.
    private func isJSON(_ event: OutgoingEvent) -> Bool {
        switch event.event.payload.content {
        case .json, .base64: true
        case .absent, .binary: (try? JSONDocument(parsing: event.body)) != nil
        }
    }
}
