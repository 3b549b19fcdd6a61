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
        /// Dead letters and the quarantine leave the log too little room.
        case crowded
    }

    package var kind: Kind
    /// The forwarder or replay that it is about; `store` where it is about none.
    package var forwarder: String
    /// A sentence for the operator, with the remedy.
    package var text: String
    /// What programs read.
    package var details: [String: String]
    /// `Forwarder`, `Replay` or `Store`.
    var subjectType = "Forwarder"

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

    /// A forwarder, or a replay, that holds retention back.
    static func held(
        by name: String,
        isReplay: Bool,
        at position: Position,
        since: Timestamp?,
        used: Int64,
        bound: Int64
    ) -> Self {
        let remedy =
            isReplay
            ? "Let it end, or pause or cancel it with `martlet replay`."
            : "Let it deliver, or set its `retention` to `skip`."
        return Self(
            kind: .held,
            forwarder: name,
            text: """
                The store takes up more than it may (\(used) of \(bound) bytes), and \(name) holds retention back: its \
                oldest event that is not concluded is at position \(position)\(since.map { ", recorded \($0)" } ?? ""). \(remedy)
                """,
            details: ["position": "\(position)", "used": "\(used)", "bound": "\(bound)"],
            subjectType: isReplay ? "Replay" : "Forwarder"
        )
    }

    /// Dead letters and the quarantine take up more than half of what the store may.
    static func crowded(kept: Int64, used: Int64, bound: Int64) -> Self {
        Self(
            kind: .crowded,
            forwarder: "store",
            text: """
                The store takes up more than it may (\(used) of \(bound) bytes), and \(kept) of them are dead letters and the \
                quarantine, which retention leaves to you. Redeliver or discard them with `martlet dead-letters` and \
                `martlet quarantine`, or allow the store more with `store.retain.size`.
                """,
            details: ["kept": "\(kept)", "used": "\(used)", "bound": "\(bound)"],
            subjectType: "Store"
        )
    }

    /// The alert as an event; its id is given by the store.
    package func event(at time: Timestamp) -> Event {
        AlertEvent(
            subject: ResourceReference(type: subjectType, id: forwarder),
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
