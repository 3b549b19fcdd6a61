/// What a forwarder sends of an event.
package enum BodyForm: String, Sendable, Hashable, CaseIterable {
    /// The bytes that came in, less credentials.
    case original
    /// The CloudEvent, `data` the original's.
    case event
    /// The CloudEvent, `data` = `{"original": …, "resource": …, "changes": …}`.
    case enriched
}

/// For whom something leaves.
package enum Audience: String, Sendable, Hashable, CaseIterable {
    case admin
    /// Fields that only an administrator of the cloud may see are dropped.
    case user
}
