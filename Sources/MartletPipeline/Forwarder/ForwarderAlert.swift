package import Martlet

/// An alert of Martlet's own about what a forwarder does: an event like any other, to be filtered and forwarded.
///
/// Its topic is `martlet.AlertEvent.forwarder-resynchronised.Forwarder.<name>`, its type `martlet.forwarder.resynchronised`, its
/// cloud `martlet`.
package struct ForwarderAlert: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// After an outage only the last event of each resource was sent.
        case resynchronised
    }

    package var kind: Kind
    /// The forwarder that it is about.
    package var forwarder: String
    /// A sentence for the operator.
    package var text: String
    /// What programs read.
    package var details: [String: String]

    /// Events that were not sent, because a later one of their resource was.
    static func resynchronised(_ stretch: Resynchronisation, forwarder: String) -> Self {
        let first = stretch.from.advanced(by: 1)
        let events = stretch.skipped == 1 ? "1 event" : "\(stretch.skipped) events"
        return Self(
            kind: .resynchronised,
            forwarder: forwarder,
            text: """
                After an outage \(forwarder) skipped \(events) between the positions \(first) and \(stretch.through): of each \
                resource the last one is sent.
                """,
            details: ["count": "\(stretch.skipped)", "from": "\(first)", "through": "\(stretch.through)"]
        )
    }

    /// The alert as an event; its id is given by the store.
    package func event(at time: Timestamp) -> Event {
        AlertEvent(
            subject: ResourceReference(type: "Forwarder", id: forwarder),
            area: "forwarder",
            kind: kind.rawValue,
            publisher: "/martlet/forwarders",
            severity: .warning,
            text: text,
            details: details
        )
        .event(at: time)
    }
}
