import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline

/// An event as the model knows it.
struct ModelEvent: Sendable {
    var id: String
    var draft: Draft.New
    var content: String
    var time: Timestamp?
    /// Raised by Martlet itself, and wanted by those who want everything.
    var isAlert = false
    /// What it is about, if that is a resource.
    var identity: String?

    /// An alert, as it is found in the log.
    init(alert stored: StoredEvent) {
        id = stored.event.id
        draft = Draft.New(resource: nil, kind: 0, publisher: 0, age: nil, state: nil, change: .none, hasID: true)
        content = String(decoding: stored.event.payload.original, as: UTF8.self)
        time = stored.event.time
        isAlert = true
        identity = stored.event.resource.map { "\($0.type)/\($0.id)" }
    }

    init(id: String, draft: Draft.New, content: String, time: Timestamp?) {
        self.id = id
        self.draft = draft
        self.content = content
        self.time = time
        identity = draft.resource.map { "Thing/r\($0)" }
    }

    /// What the origin sends.
    var event: Event {
        var fields = Event.Fields(
            id: draft.hasID ? id : "",
            source: "/clouds/prod/publisher-\(draft.publisher)",
            type: "t",
            cloud: "prod",
            topic: Topic(
                source: "model",
                category: "Event",
                type: "k\(draft.kind)",
                resource: draft.resource == nil ? nil : "Thing",
                id: draft.resource.map { "r\($0)" }
            ),
            payload: Payload(json: Array(content.utf8)[...])
        )
        fields.time = time
        fields.resource = draft.resource.map { ResourceReference(type: "Thing", id: "r\($0)") }
        return Event(fields: fields)
    }

    var facts: ResourceFacts {
        var facts = ResourceFacts()
        facts.state = draft.state.map { "s\($0)" }
        facts.isCreation = draft.change == .creation
        facts.isDeletion = draft.change == .deletion
        return facts
    }
}

/// What the model knows of a resource: a fold over its events.
struct ModelResource: Sendable, Equatable {
    var state: String?
    var latest: Int64 = 0
    var position: Int64 = 0
    var isDeleted = false
    var updated: Timestamp?
    var publisher = 0

    /// Tells whether the event was stale.
    mutating func apply(_ event: ModelEvent, at position: Int64, recorded: Timestamp) -> Bool {
        let skew = Duration.seconds(5)
        latest = position
        let draft = event.draft
        if self.position > 0, publisher != draft.publisher, let time = event.time, let updated, updated - time > skew {
            return true
        }
        if isDeleted, draft.change != .creation { return false }
        let before = self
        if let state = draft.state { self.state = "s\(state)" }
        isDeleted = draft.change == .deletion
        if before.state != state || before.isDeleted != isDeleted || before.position == 0 { self.position = position }
        if let time = event.time.map({ min($0, recorded + skew) }) { updated = max(updated ?? time, time) }
        publisher = draft.publisher
        return false
    }
}
