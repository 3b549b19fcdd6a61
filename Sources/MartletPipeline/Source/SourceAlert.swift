package import Martlet
import MartletJSON

/// An alert of Martlet's own about one of its sources: an event like any other, to be filtered and forwarded.
///
/// Its topic is `martlet.AlertEvent.source-gap.Source.<name>`, its type `martlet.source.gap`.
package struct SourceAlert: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A stretch in which events may have been missed.
        case gap
        /// Nothing has come for longer than `expect-every`.
        case silent
        /// Something comes again after ``silent``.
        case resumed
    }

    package var kind: Kind
    /// A sentence for the operator: what happened, and what may be missing.
    package var text: String
    /// What programs read: offsets, names, times.
    package var details: [String: String]

    package init(_ kind: Kind, _ text: String, details: [String: String] = [:]) {
        self.kind = kind
        self.text = text
        self.details = details
    }

    /// The alert as an event of a source's cloud; its id is given by the store.
    package func event(of origin: Origin, at time: Timestamp) -> Event {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("source", origin.sourceName)
        writer.member("alert", kind.rawValue)
        writer.member("text", text)
        writer.key("details")
        writer.beginObject()
        for (name, value) in details.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            writer.string(value)
        }
        writer.endObject()
        writer.endObject()
        var fields = Event.Fields(
            id: "",
            source: "/martlet/sources/\(origin.sourceName)",
            type: "martlet.source.\(kind.rawValue)",
            cloud: origin.cloud,
            topic: Topic(text: "martlet.AlertEvent.source-\(kind.rawValue).Source.\(Self.word(origin.sourceName))"),
            payload: Payload(json: writer.bytes[...])
        )
        fields.region = origin.region
        fields.category = .alert
        fields.time = time
        fields.dataContentType = "application/json"
        fields.resource = ResourceReference(type: "Source", id: origin.sourceName)
        fields.severity = kind == .resumed ? .info : .warning
        return Event(fields: fields)
    }

    /// A source's name may hold full stops, which would end a word of the topic.
    private static func word(_ name: String) -> String { name.replacing(".", with: "-") }
}
