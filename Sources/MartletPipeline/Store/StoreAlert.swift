package import Martlet
import MartletJSON

/// An alert of Martlet's own about its store: an event like any other, to be filtered and forwarded.
///
/// Its topic is `martlet.AlertEvent.store-damaged.Store.martlet`, its type `martlet.store.damaged`.
package struct StoreAlert: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Events in the log are not as they were written, and are never delivered.
        case damaged
        /// The store has been written anew from what could be read of it.
        case repaired
    }

    /// What the alerts are committed as, among the sources.
    package static let sourceName = "martlet"

    package var kind: Kind
    /// A sentence for the operator.
    package var text: String
    /// What programs read.
    package var details: [String: String]

    package init(_ kind: Kind, _ text: String, details: [String: String] = [:]) {
        self.kind = kind
        self.text = text
        self.details = details
    }

    /// The alert as an event; its id is given by the store.
    package func event(at time: Timestamp) -> Event {
        var writer = JSONWriter()
        writer.beginObject()
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
            source: "/martlet/store",
            type: "martlet.store.\(kind.rawValue)",
            cloud: "martlet",
            topic: Topic(text: "martlet.AlertEvent.store-\(kind.rawValue).Store.martlet"),
            payload: Payload(json: writer.bytes[...])
        )
        fields.category = .alert
        fields.time = time
        fields.dataContentType = "application/json"
        fields.resource = ResourceReference(type: "Store", id: "martlet")
        fields.severity = kind == .damaged ? .critical : .warning
        return Event(fields: fields)
    }
}
