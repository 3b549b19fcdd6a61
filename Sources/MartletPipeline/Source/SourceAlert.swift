package import Martlet

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
        AlertEvent(
            subject: ResourceReference(type: "Source", id: origin.sourceName),
            area: "source",
            kind: kind.rawValue,
            publisher: "/martlet/sources/\(origin.sourceName)",
            cloud: origin.cloud,
            region: origin.region,
            severity: kind == .resumed ? .info : .warning,
            text: text,
            details: details
        )
        .event(at: time)
    }
}
