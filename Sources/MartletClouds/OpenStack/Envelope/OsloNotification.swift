import Martlet
import MartletJSON

/// A notification out of its envelope.
///
/// oslo.messaging wraps it as `{"oslo.version": "2.0", "oslo.message": "…"}`, the notification a JSON text within a string,
/// or sends it as it stands (version 1). Over AMQP the request's context is in members `_context_…`, over Kafka in one
/// object, `_context`.
struct OsloNotification {
    let root: JSONValue
    let eventType: JSONValue

    init(_ message: Message) throws(FormatError) {
        let outer = try OsloNotification.outer(message)
        guard outer.kind == .object else {
            throw FormatError("the body is \(outer.kind.phrase), not a JSON object")
        }
        root = try OsloNotification.opened(outer)
        guard root.kind == .object else {
            throw FormatError("oslo.message is \(root.kind.phrase), not a JSON object")
        }
        guard let type = root["event_type"] else {
            throw FormatError(
                root["method"] == nil
                    ? "the member \"event_type\" is missing: this is no notification"
                    : "this is a remote procedure call of oslo.messaging, not a notification"
            )
        }
        guard let content = type.stringContent, !content.isEmpty else {
            throw FormatError("the member \"event_type\" is no text")
        }
        eventType = type
    }

    private static func outer(_ message: Message) throws(FormatError) -> JSONValue {
        if let json = message.json { return json }
        guard !message.bytes.isEmpty else { throw FormatError("the body is empty") }
        do {
            return try JSONDocument(parsing: message.bytes).root
        } catch {
            throw FormatError("the body is not JSON: \(error)")
        }
    }

    private static func opened(_ outer: JSONValue) throws(FormatError) -> JSONValue {
        let version = outer["oslo.version"]
        if let version { try check(version) }
        guard let inner = outer["oslo.message"] else {
            guard version == nil else { throw FormatError("the envelope has no \"oslo.message\"") }
            return outer
        }
        guard let content = inner.stringContent else {
            // Somebody took the text out of its string.
            guard let root = try? JSONDocument(parsing: inner.bytes).root else {
                throw FormatError("oslo.message is not JSON")
            }
            return root
        }
        guard let text = inner.hasEscapes ? JSONText.unescape(content)?[...] : content else {
            throw FormatError("oslo.message holds an escape that is none")
        }
        do {
            return try JSONDocument(parsing: text).root
        } catch {
            throw FormatError("oslo.message is not JSON: \(error)")
        }
    }

    /// A minor version adds, a major one is another format.
    private static func check(_ version: JSONValue) throws(FormatError) {
        if version.equals("2.0") { return }
        let text = version.identifier ?? ""
        guard text.prefix(while: { $0 != "." }) == "2" else {
            throw FormatError("the envelope's version, \"\(text.prefix(16))\", is not one of 2.x")
        }
    }
}

extension JSONValue.Kind {
    /// The kind, for a sentence.
    var phrase: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}
