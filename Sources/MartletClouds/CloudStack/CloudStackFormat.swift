package import Martlet
import MartletJSON

/// Reads what CloudStack publishes: over RabbitMQ with a routing key, over Kafka without, as a webhook, and as rows of
/// `listEvents`.
///
/// Read from CloudStack 4.9 to 4.23. The category comes from the routing key, or, where there is none, from the members of
/// the body. An object of no known shape is an event of category ``Category/other``.
package struct CloudStackFormat: Format {
    package static var name: String { "cloudstack" }

    package init() {}

    package func decode(_ message: Message, from origin: Origin) throws(FormatError) -> Event {
        let key = message.routingKey.flatMap { RoutingKey($0) }
        let body = try parsed(message)
        guard body.kind == .object || body.isNull && key != nil else {
            throw FormatError("the body is \(CloudStackFormat.phrase(for: body.kind)), not a JSON object")
        }
        let redacted = Credentials.cut(from: message.bytes)
        var draft = EventDraft(
            body: body,
            key: key,
            headers: WebhookHeaders(message.headers),
            origin: origin,
            payload: Payload(json: redacted ?? message.bytes)
        )
        draft.fields.isRedacted = redacted != nil
        draft.read()
        return draft.event(publishedUnder: key == nil ? message.routingKey : nil)
    }

    private func parsed(_ message: Message) throws(FormatError) -> JSONValue {
        if let json = message.json { return json }
        guard !message.bytes.isEmpty else { throw FormatError("the body is empty") }
        do {
            return try JSONDocument(parsing: message.bytes).root
        } catch {
            throw FormatError("the body is not JSON: \(error)")
        }
    }

    private static func phrase(for kind: JSONValue.Kind) -> String {
        switch kind {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}
