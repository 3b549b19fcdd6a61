package import Martlet
package import MartletClouds
import MartletJSON

/// A format, together with what it can tell the index.
package protocol EventDecoder: Sendable {
    /// Reads one message.
    ///
    /// - Throws: ``FormatError`` with the reason why this is no event.
    func decode(_ message: Message, from origin: Origin) throws(FormatError) -> (Event, ResourceFacts?)
}

/// CloudStack's format with what it knows of CloudStack's resources.
package struct CloudStackDecoder: EventDecoder {
    private let format = CloudStackFormat()
    private let reader = CloudStackFactReader()

    package init() {}

    package func decode(_ message: Message, from origin: Origin) throws(FormatError) -> (Event, ResourceFacts?) {
        let event = try format.decode(message, from: origin)
        guard event.resource != nil else { return (event, nil) }
        // What was cut is gone from the payload only; the index must not see it either.
        let body = event.fields.isRedacted ? event.payload.parsed : message.json
        return (event, body.flatMap { reader.facts(of: event, body: $0) })
    }
}

/// OpenStack's notifications with what they tell of its resources.
package struct OsloDecoder: EventDecoder {
    private let format = OsloFormat()
    private let reader = OsloFactReader()

    package init() {}

    package func decode(_ message: Message, from origin: Origin) throws(FormatError) -> (Event, ResourceFacts?) {
        let (event, notification) = try format.read(message, from: origin)
        return (event, event.resource == nil ? nil : reader.facts(of: event, body: notification))
    }
}

/// CloudEvents from anywhere: credentials are cut, and the attributes are all that the index is told.
package struct CloudEventsDecoder: EventDecoder {
    private let format = CloudEventsFormat()

    package init() {}

    package func decode(_ message: Message, from origin: Origin) throws(FormatError) -> (Event, ResourceFacts?) {
        let event = try format.decode(message, from: origin)
        guard message.json != nil || event.payload.json != nil || event.hasTextPayload,
            let cut = Credentials.cut(from: event.payload.original)
        else { return (event.withoutCredentialsInExtensions, nil) }
        // The place of `data` has moved: it is read anew.
        var message = message
        message.bytes = cut
        message.json = try? JSONDocument(parsing: cut).root
        let redacted = try format.decode(message, from: origin).with { $0.isRedacted = true }
        return (redacted.withoutCredentialsInExtensions, nil)
    }
}

extension Event {
    /// Whether the payload is no JSON but text by its type: what has no such type may be anything, and is left as it is.
    fileprivate var hasTextPayload: Bool {
        guard payload.content == .binary, let type = fields.dataContentType?.lowercased() else { return false }
        return type.hasPrefix("text/") || ["xml", "x-www-form-urlencoded", "json"].contains { type.contains($0) }
    }

    /// In binary mode extensions come in headers, which are not among the payload's bytes.
    fileprivate var withoutCredentialsInExtensions: Event {
        guard !fields.extensions.isEmpty else { return self }
        var kept: [String: AttributeValue] = [:]
        for (name, value) in fields.extensions where !Credentials.isName(name) {
            guard case .string(let text) = value, let cut = Credentials.cut(from: ArraySlice(text.utf8)) else {
                kept[name] = value
                continue
            }
            kept[name] = .string(String(decoding: cut, as: UTF8.self))
        }
        guard kept != fields.extensions else { return self }
        return with { fields in
            fields.extensions = kept
            fields.isRedacted = true
        }
    }
}

extension Payload {
    fileprivate var parsed: JSONValue? { json.flatMap { try? JSONDocument(parsing: $0).root } }
}
