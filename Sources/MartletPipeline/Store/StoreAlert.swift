package import Martlet

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
        AlertEvent(
            subject: ResourceReference(type: "Store", id: AlertEvent.sourceName),
            area: "store",
            kind: kind.rawValue,
            publisher: "/martlet/store",
            severity: kind == .damaged ? .critical : .warning,
            text: text,
            details: details
        )
        .event(at: time)
    }
}
