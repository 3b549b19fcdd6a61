public import MartletJSON

/// What an encoded event carries as its `data`.
public enum CloudEventData: Sendable, Hashable {
    /// The event's own payload, spliced as it came in.
    case payload
    /// This JSON instead; the event's `dataschema`, which does not describe it, is left out.
    case json(Bytes)
    /// Nothing: attributes only.
    case none
}
