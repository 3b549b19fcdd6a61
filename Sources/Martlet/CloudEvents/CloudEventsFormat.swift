import MartletJSON

/// Reads CloudEvents 1.0.2: a structured JSON event, or binary mode with its attributes in the transport's headers.
///
/// Binary mode is recognised by the bindings' prefixes: HTTP's `ce-` (percent-encoded values), Kafka's `ce_`, AMQP's
/// `cloudEvents:` and `cloudEvents_`. A content type of `application/cloudevents+json` means structured, whatever other
/// headers say.
///
/// Martlet's own attributes (``AttributeName``) become the event's fields; a word that none of its enumerations knows
/// stays a plain extension. What only Martlet may say, position, recorded time and marks, is ignored, and the cloud
/// comes from the configuration.
public struct CloudEventsFormat: Format {
    /// The name in the configuration.
    public static let name = "cloudevents"

    /// A format; it has no state.
    public init() {}

    /// Reads one message; see ``Format/decode(_:from:)``.
    ///
    /// - Throws: ``FormatError`` where a required attribute is missing or empty, a name or a value is not as CloudEvents
    ///   allows, or there are two payloads.
    public func decode(_ message: Message, from origin: Origin) throws(FormatError) -> Event {
        let contentType = message.headers["content-type"]
        let isStructured = contentType?.lowercased().hasPrefix("application/cloudevents") ?? false
        if !isStructured, let prefix = HeaderPrefix.of(message.headers) {
            return try decodeBinary(message, prefix: prefix, contentType: contentType, from: origin)
        }
        guard let json = message.json else {
            throw FormatError("the body is no JSON, and there is no header \"ce-specversion\"")
        }
        guard json.kind == .object else { throw FormatError("the body is no JSON object") }
        return try decodeStructured(json, routingKey: message.routingKey, from: origin)
    }

    /// Reads an event in the JSON format. The payload is the event's own text, the blanks around it left out.
    private func decodeStructured(
        _ json: JSONValue,
        routingKey: String?,
        from origin: Origin
    ) throws(FormatError) -> Event {
        var attributes = CloudEventAttributes()
        var content: Payload.Content?
        let start = json.range.lowerBound
        for member in json.members {
            let value = member.value
            if member.keyEquals("data") {
                guard content == nil else { throw CloudEventsFormat.twoPayloads }
                content = .json(value.range.lowerBound - start..<value.range.upperBound - start)
            } else if member.keyEquals("data_base64") {
                if value.isNull { continue }
                guard content == nil else { throw CloudEventsFormat.twoPayloads }
                guard CloudEventsFormat.isBase64(value) else {
                    throw FormatError("\"data_base64\" is no string in base64")
                }
                content = .base64(value.range.lowerBound + 1 - start..<value.range.upperBound - 1 - start)
            } else {
                try attributes.take(member.key, json: value)
            }
        }
        let payload = Payload(original: json.bytes, content: content ?? .absent)
        return try attributes.makeEvent(payload: payload, routingKey: routingKey, origin: origin)
    }

    private func decodeBinary(
        _ message: Message,
        prefix: HeaderPrefix,
        contentType: String?,
        from origin: Origin
    ) throws(FormatError) -> Event {
        var attributes = CloudEventAttributes()
        for (header, value) in message.headers where header.hasPrefix(prefix.text) {
            let name = String(header.dropFirst(prefix.text.count))
            let text = prefix.isPercentEncoded ? PercentCoding.decode(value) : value
            try attributes.take(name, text: text)
        }
        if let contentType { try attributes.take(AttributeName.datacontenttype.rawValue, text: contentType) }
        let payload = CloudEventsFormat.payload(ofBinary: message, contentType: contentType)
        return try attributes.makeEvent(payload: payload, routingKey: message.routingKey, origin: origin)
    }

    /// A body of which the content type says that it is JSON, and which is; or of which it says nothing.
    private static func payload(ofBinary message: Message, contentType: String?) -> Payload {
        if let json = message.json, contentType.map(isJSON) ?? true { return Payload(json: json.bytes) }
        return Payload(original: message.bytes, content: message.bytes.isEmpty ? .absent : .binary)
    }

    private static func isJSON(_ contentType: String) -> Bool {
        let mediaType = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        return mediaType.hasSuffix("/json") || mediaType.hasSuffix("+json")
    }

    private static func isBase64(_ value: JSONValue) -> Bool {
        guard let content = value.stringContent else { return false }
        if !value.hasEscapes { return Base64.isValid(content) }
        // JSON may write a solidus as `\/`, and some writers do; no other escape has a place in base64.
        let unescaped = content.filter { $0 != 0x5C }
        return value.string.map { unescaped.elementsEqual($0.utf8) } ?? false && Base64.isValid(unescaped[...])
    }

    private static let twoPayloads = FormatError(
        "an event has one payload: \"data\" or \"data_base64\", not both or twice"
    )
}

/// How a transport marks the headers that carry attributes.
private struct HeaderPrefix {
    /// In lower case, as ``Message/headers`` are.
    let text: String
    /// HTTP's headers are; those of Kafka and AMQP carry UTF-8 as it is.
    let isPercentEncoded: Bool

    private static let all = [
        HeaderPrefix(text: "ce-", isPercentEncoded: true),
        HeaderPrefix(text: "ce_", isPercentEncoded: false),
        HeaderPrefix(text: "cloudevents:", isPercentEncoded: false),
        HeaderPrefix(text: "cloudevents_", isPercentEncoded: false),
    ]

    /// The prefix that these headers use; `nil` where they carry no event.
    ///
    /// Any required attribute is enough, so that an event that lacks another is told about that one.
    static func of(_ headers: [String: String]) -> HeaderPrefix? {
        all.first { prefix in
            headers.keys.contains { header in
                header.hasPrefix(prefix.text)
                    && ["specversion", "id", "source", "type"].contains(header.dropFirst(prefix.text.count))
            }
        }
    }
}
