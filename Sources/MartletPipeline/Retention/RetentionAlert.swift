package import Martlet

/// An alert of Martlet's own about what retention does: an event like any other, to be filtered and forwarded.
///
/// Its topic is `martlet.AlertEvent.retention-held.Forwarder.<name>`, its type `martlet.retention.held`, its cloud `martlet`.
package struct RetentionAlert: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A forwarder keeps the log from being shortened, though it takes up more than it may.
        case held
        /// Events have left the log, or leave it, that a forwarder has not delivered.
        case skipped
    }

    package var kind: Kind
    /// The forwarder that it is about.
    package var forwarder: String
    /// A sentence for the operator, with the remedy.
    package var text: String
    /// What programs read.
    package var details: [String: String]

    /// Events that a forwarder will not deliver.
    static func skipped(_ count: Int64, from first: Position, through last: Position, forwarder: String) -> Self {
        Self(
            kind: .skipped,
            forwarder: forwarder,
            text: """
                \(forwarder) skipped \(count) \(count == 1 ? "event" : "events") between the positions \(first) and \(last): they \
                left the log before they were delivered.
                """,
            details: ["count": "\(count)", "from": "\(first)", "through": "\(last)"]
        )
    }

    /// A forwarder that holds retention back.
    static func held(forwarder: String, at position: Position, since: Timestamp?, used: Int64, bound: Int64) -> Self {
        Self(
            kind: .held,
            forwarder: forwarder,
            text: """
                The store takes up more than it may (\(used) of \(bound) bytes), and \(forwarder) holds retention back: its \
                oldest event that is not concluded is at position \(position)\(since.map { ", recorded \($0)" } ?? ""). Let it \
                deliver, or set its `retention` to `skip`.
                """,
            details: ["position": "\(position)", "used": "\(used)", "bound": "\(bound)"]
        )
    }

    /// The alert as an event; its id is given by the store.
    package func event(at time: Timestamp) -> Event {
        AlertEvent(
            subject: ResourceReference(type: "Forwarder", id: forwarder),
            area: "retention",
            kind: kind.rawValue,
            publisher: "/martlet/retention",
            severity: .warning,
            text: text,
            details: details
        )
        .event(at: time)
    }
}
