public import MartletJSON

/// Writes events as CloudEvents 1.0.2.
///
/// Every attribute that ``Event/attribute(_:)-(AttributeName)`` knows of is written under its name, marks as booleans
/// and only where they are set, the position as a decimal string; then the extensions in the order of their names. JSON
/// payloads are spliced, not serialised again.
public struct CloudEventEncoder: Sendable {
    /// The content type of one event in the JSON format.
    public static let contentType = "application/cloudevents+json"
    /// The content type of a batch of events in the JSON format.
    public static let batchContentType = "application/cloudevents-batch+json"

    /// An encoder; it has no state.
    public init() {}

    /// Writes one event in the JSON format.
    public func encode(_ event: Event, data: CloudEventData = .payload, into writer: inout JSONWriter) {
        writer.beginObject()
        encodeAttributes(of: event, data: data, into: &writer)
        encodeData(of: event, data: data, into: &writer)
        writer.endObject()
    }

    /// Writes one event in the JSON format, with one JSON value of the caller's as its data; the event's `dataschema`, which does
    /// not describe it, is left out.
    public func encode(_ event: Event, into writer: inout JSONWriter, data: (inout JSONWriter) -> Void) {
        writer.beginObject()
        encodeAttributes(of: event, data: .json([]), into: &writer)
        writer.key("data")
        data(&writer)
        writer.endObject()
    }

    private func encodeAttributes(of event: Event, data: CloudEventData, into writer: inout JSONWriter) {
        writer.member("specversion", "1.0")
        for (name, key) in CloudEventEncoder.keys {
            guard let text = value(of: name, in: event, data: data) else { continue }
            writer.key(quoted: key)
            if name.isMark { writer.boolean(true) } else { writer.string(text) }
        }
        for (name, value) in extensions(of: event) {
            writer.key(name)
            switch value {
            case .string(let text): writer.string(text)
            case .integer(let integer): writer.integer(integer)
            case .boolean(let boolean): writer.boolean(boolean)
            }
        }
    }

    /// Writes a batch in the JSON format: an array of events.
    public func encode(
        batch events: some Sequence<Event>,
        data: CloudEventData = .payload,
        into writer: inout JSONWriter
    ) {
        writer.beginArray()
        for event in events { encode(event, data: data, into: &writer) }
        writer.endArray()
    }

    /// The headers of an event in HTTP's binary mode: `ce-…` with percent-encoded values, and `content-type` where the
    /// payload's type is known.
    public func binaryHeaders(for event: Event, data: CloudEventData = .payload) -> [(name: String, value: String)] {
        var headers = [(name: "ce-specversion", value: "1.0")]
        for name in CloudEventEncoder.names {
            guard let text = value(of: name, in: event, data: data) else { continue }
            if name == .datacontenttype {
                headers.append((name: "content-type", value: text))
            } else {
                headers.append((name: "ce-\(name.rawValue)", value: PercentCoding.encode(text)))
            }
        }
        for (name, value) in extensions(of: event) {
            headers.append((name: "ce-\(name)", value: PercentCoding.encode(value.description)))
        }
        return headers
    }

    /// The body that belongs to ``binaryHeaders(for:data:)``: the payload's bytes, out of base64 where it came in it.
    ///
    /// A JSON payload is sent as JSON, whatever its content type says.
    public func binaryBody(for event: Event, data: CloudEventData = .payload) -> Bytes {
        switch data {
        case .none: return []
        case .json(let bytes): return bytes
        case .payload: break
        }
        switch event.payload.content {
        case .absent: return []
        case .json: return event.payload.json ?? []
        case .base64: return Base64.decode(event.payload.base64 ?? []).map { $0[...] } ?? []
        case .binary: return event.payload.original
        }
    }

    private func encodeData(of event: Event, data: CloudEventData, into writer: inout JSONWriter) {
        switch data {
        case .none: return
        case .json(let bytes):
            writer.key("data")
            writer.raw(bytes)
        case .payload:
            let payload = event.payload
            if let json = payload.json {
                writer.key("data")
                writer.raw(json)
            } else if let base64 = payload.base64 {
                writer.key("data_base64")
                writer.raw([0x22] + base64 + [0x22])
            } else if payload.content == .binary {
                writer.key("data_base64")
                writer.string(Base64.encode(payload.original))
            }
        }
    }

    private static let names = AttributeName.allCases
    /// The names with the text of their keys: made once, since every event has most of them.
    private static let keys = names.map { ($0, [UInt8]("\"\($0.rawValue)\"".utf8)) }

    private func value(of name: AttributeName, in event: Event, data: CloudEventData) -> String? {
        switch (name, data) {
        case (.datacontenttype, .json): "application/json"
        case (.dataschema, .json): nil
        // A category that Martlet does not know stands among the extensions.
        case (.category, _) where event.category == .other && event.fields.extensions["category"] != nil: nil
        default: event.attribute(name)
        }
    }

    /// The extensions in the order of their names, without those that would repeat an attribute already written.
    private func extensions(of event: Event) -> [(key: String, value: AttributeValue)] {
        let extensions = event.fields.extensions
        if extensions.isEmpty { return [] }
        return extensions.filter { isPlain($0.key, in: event) }.sorted { $0.key < $1.key }
    }

    private func isPlain(_ name: String, in event: Event) -> Bool {
        guard let known = AttributeName.named(name) else { return name != "specversion" && name != "data" }
        return switch known {
        case .category: event.category == .other
        case .phase, .outcome, .severity, .resourcetype, .resourceid: event.attribute(known) == nil
        default: false
        }
    }
}

extension AttributeName {
    /// Whether the attribute is a boolean, written only where it is true.
    fileprivate var isMark: Bool {
        switch self {
        case .stale, .redacted, .replay, .resync, .impossibletransition: true
        default: false
        }
    }
}
