package import Martlet
package import MartletJSON

/// How a sync is doing.
package struct SyncAnswer: Sendable {
    package let json: JSONValue
    package let id: String
    /// The kind of the enricher: `openstack`.
    package let kind: String
    package let cloud: String
    /// `running`, `finished`, `stopped` or `failed`; other words may come.
    package let state: String
    /// `listing` or `missing`; other words may come.
    package let phase: String
    /// The type that is being read.
    package let current: String?
    package let isDry: Bool
    package let created: Timestamp?
    package let ended: Timestamp?
    package let reason: String?
    package let counts: SyncCountsAnswer
    /// Events committed.
    package let events: Int
    package let types: [SyncTypeAnswer]
    /// The first of what differed.
    package let differences: [SyncDifferenceAnswer]

    /// Whether nothing more comes of it.
    package var hasEnded: Bool { state != "running" }

    /// The types that have not been read to their end, or not believed.
    package var incomplete: [SyncTypeAnswer] {
        types.filter { $0.state == "failed" || $0.state == "refused" || $0.state == "doubtful" }
    }

    init(json: JSONValue) throws(ClientError) {
        self.json = json
        id = try json.text("id")
        kind = json["kind"]?.string ?? ""
        cloud = json["cloud"]?.string ?? ""
        state = try json.text("state")
        phase = json["phase"]?.string ?? ""
        current = json["current"]?.string
        isDry = json["dryrun"]?.boolean ?? false
        created = json["created"]?.string.flatMap { Timestamp($0) }
        ended = json["ended"]?.string.flatMap { Timestamp($0) }
        reason = json["reason"]?.string
        counts = SyncCountsAnswer(json: json)
        events = json.count("events")
        types = try json.list("types").map { value throws(ClientError) in try SyncTypeAnswer(json: value) }
        differences = try json.list("differences")
            .map { value throws(ClientError) in try SyncDifferenceAnswer(json: value) }
    }
}

/// Resources by what was found.
package struct SyncCountsAnswer: Sendable, Hashable {
    package let read: Int
    package let unchanged: Int
    package let changed: Int
    package let new: Int
    package let gone: Int
    /// Skipped, because an event has said something newer.
    package let newer: Int
    package let unconfirmed: Int

    init(json: JSONValue) {
        read = json.count("read")
        unchanged = json.count("unchanged")
        changed = json.count("changed")
        new = json.count("new")
        gone = json.count("gone")
        newer = json.count("newer")
        unconfirmed = json.count("unconfirmed")
    }
}

/// What a sync has come to with the resources of one type.
package struct SyncTypeAnswer: Sendable {
    package let type: String
    /// `waiting`, `reading`, `listed`, `complete`, `refused`, `failed` or `doubtful`; other words may come.
    package let state: String
    /// Whether it had never been read completely before.
    package let isFirst: Bool
    package let counts: SyncCountsAnswer
    package let reason: String?

    init(json: JSONValue) throws(ClientError) {
        type = try json.text("type")
        state = try json.text("state")
        isFirst = json["first"]?.boolean ?? false
        counts = SyncCountsAnswer(json: json)
        reason = json["reason"]?.string
    }
}

/// One resource that differed.
package struct SyncDifferenceAnswer: Sendable {
    package let type: String
    package let id: String
    package let name: String?
    /// `created`, `changed` or `deleted`; other words may come.
    package let found: String
    package let changes: JSONValue?

    init(json: JSONValue) throws(ClientError) {
        type = try json.text("type")
        id = try json.text("id")
        name = json["name"]?.string
        found = try json.text("found")
        changes = json["changes"]
    }
}
