import Martlet
import MartletJSON

/// How events travel: as CloudEvents in the JSON format, with all of Martlet's attributes.
enum BusMessage {
    static func publication(of event: Event, to exchange: String) -> AMQPPublication {
        var writer = JSONWriter()
        CloudEventEncoder().encode(event, into: &writer)
        return AMQPPublication(
            exchange: exchange,
            routingKey: RoutingKey.of(event.topic),
            body: writer.bytes,
            contentType: CloudEventEncoder.contentType,
            messageID: event.id.isEmpty || event.id.utf8.count > RoutingKey.maximumBytes ? nil : event.id
        )
    }

    /// The event that a message carries; `nil` where it is none, as when somebody else publishes to the exchange.
    static func event(of delivery: AMQPDelivery) -> Event? {
        guard !delivery.isCut else { return nil }
        let json = try? JSONDocument(parsing: delivery.body).root
        let message = Message(
            bytes: delivery.body,
            json: json,
            routingKey: delivery.routingKey,
            headers: delivery.headers
        )
        let cloud = json?["cloud"]?.string ?? delivery.headers["cloudevents:cloud"] ?? ""
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
            fields.position = json["position"]?.string.flatMap { Int64($0) }.map { Position(rawValue: $0) }
        }
    }
}
