package import Martlet
package import MartletJSON

/// A CloudEvent as the API lists it. Nothing is read before it is asked for.
package struct ListedEvent: Sendable {
    /// The event's own text.
    package let json: JSONValue

    package init(json: JSONValue) { self.json = json }

    /// The text of an attribute, marks and numbers as the text they are written in.
    package subscript(_ name: AttributeName) -> String? {
        guard let value = json[name.rawValue], !value.isNull else { return nil }
        return value.string ?? String(decoding: value.bytes, as: UTF8.self)
    }

    package var position: Position? { self[.position].flatMap { Position($0) } }

    /// When it happened, or else when it was recorded.
    package var time: Timestamp? { (self[.time] ?? self[.recordedtime]).flatMap { Timestamp($0) } }

    package var category: Category { self[.category].flatMap { Category(rawValue: $0) } ?? .other }

    package var outcome: Outcome? { self[.outcome].flatMap { Outcome(rawValue: $0) } }

    package var resource: ResourceReference? {
        guard let type = self[.resourcetype], let id = self[.resourceid] else { return nil }
        return ResourceReference(type: type, id: id)
    }

    /// What the origin says in words, where it does: `description` of an action, `subject` of an alert, `text` of one of
    /// Martlet's own, the operation of a job.
    package var summary: String? {
        guard let data = json["data"] else { return nil }
        let original = data["original"] ?? data
        for place in [original, original["payload"]] {
            for name in ["description", "details", "message", "subject", "text", "commandEventType"] {
                if let text = place?[name]?.string, !text.isEmpty { return text }
            }
        }
        return nil
    }
}

/// A page of events, oldest first.
package struct EventPage: Sendable {
    package let events: [JSONValue]
    /// Where the next page begins; nil where the log's head has been reached.
    package let next: Position?
    /// The last position looked at.
    package let scanned: Position?

    init(json: JSONValue) throws(ClientError) {
        events = try json.list("events")
        next = json["next"]?.string.flatMap { Position($0) }
        scanned = json["scanned"]?.string.flatMap { Position($0) }
    }
}
