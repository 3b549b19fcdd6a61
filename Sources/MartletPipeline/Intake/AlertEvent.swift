package import Martlet
import MartletJSON

/// What all alerts of Martlet's own become: an event like any other, to be filtered and forwarded.
///
/// Its topic is `martlet.AlertEvent.<area>-<kind>.<type>.<name>`, its type `martlet.<area>.<kind>`; its `data` has the
/// members `<type>` (the name, under the type in lower-case letters), `alert` (the kind), `text` and `details`. Its id is
/// given by the store.
package struct AlertEvent: Sendable {
    /// What alerts that are no source's own are committed as, among the sources; their cloud as well.
    package static let sourceName = "martlet"

    /// What it is about: `Source`, `Forwarder` or `Store`, and its name.
    var subject: ResourceReference
    /// The part of Martlet that raises it, as the type and the topic have it.
    var area: String
    var kind: String
    /// The CloudEvents source.
    var publisher: String
    var cloud = AlertEvent.sourceName
    var region: String?
    var severity: Severity
    /// A sentence for the operator.
    var text: String
    /// What programs read.
    var details: [String: String]

    /// The alert as an event of this moment.
    func event(at time: Timestamp) -> Event {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key(subject.type.lowercased())
        writer.string(subject.id)
        writer.member("alert", kind)
        writer.member("text", text)
        writer.key("details")
        writer.beginObject()
        for (name, value) in details.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            writer.string(value)
        }
        writer.endObject()
        writer.endObject()
        // A name may hold full stops, which would end a word of the topic.
        let word = subject.id.replacing(".", with: "-")
        var fields = Event.Fields(
            id: "",
            source: publisher,
            type: "martlet.\(area).\(kind)",
            cloud: cloud,
            topic: Topic(text: "martlet.AlertEvent.\(area)-\(kind).\(subject.type).\(word)"),
            payload: Payload(json: writer.bytes[...])
        )
        fields.region = region
        fields.category = .alert
        fields.time = time
        fields.dataContentType = "application/json"
        fields.resource = subject
        fields.severity = severity
        return Event(fields: fields)
    }
}

extension IntakeBatch {
    /// An alert that is no source's own, by itself.
    package init(alert event: Event) {
        self.init(source: AlertEvent.sourceName, items: [.event(event, nil)])
    }
}
