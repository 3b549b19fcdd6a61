package import Martlet
package import MartletJSON

/// An event as the log holds it.
package struct StoredEvent: Sendable {
    /// Always with `position` and `recordedTime`.
    package var event: Event
    /// The resource in the index; `nil` where the event has none.
    package var resourceKey: ResourceKey?
    /// What the event changed in its resource's document, as a JSON object; `nil` where nothing.
    package var changes: Bytes?

    package init(event: Event, resourceKey: ResourceKey?, changes: Bytes?) {
        self.event = event
        self.resourceKey = resourceKey
        self.changes = changes
    }

    package var position: Position { event.position ?? .zero }
}

/// The store's own short name for a resource: opaque, stable for the life of a store.
package struct ResourceKey: RawRepresentable, Sendable, Hashable {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A resource in the index, without its document.
package struct IndexEntry: Sendable, Hashable {
    package var key: ResourceKey
    package var resource: ResourceReference
    /// The head of its time line.
    package var latest: Position

    package init(key: ResourceKey, resource: ResourceReference, latest: Position) {
        self.key = key
        self.resource = resource
        self.latest = latest
    }
}

/// An item of the quarantine.
package struct QuarantinedItem: Sendable {
    package var id: Int64
    package var source: String
    package var receivedTime: Timestamp
    package var draft: QuarantineDraft

    package init(id: Int64, source: String, receivedTime: Timestamp, draft: QuarantineDraft) {
        self.id = id
        self.source = source
        self.receivedTime = receivedTime
        self.draft = draft
    }
}
