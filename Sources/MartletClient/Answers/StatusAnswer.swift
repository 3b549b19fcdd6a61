package import Martlet
package import MartletJSON

/// How the server is doing.
package struct StatusAnswer: Sendable {
    package let json: JSONValue
    package let version: String
    package let started: Timestamp?
    package let storeBytes: Int
    /// The position of the last event in the log.
    package let head: Position
    /// Why the last reload of the configuration changed nothing; `nil` where it is in force.
    package let reloadRefusal: String?
    /// The position of the first event that is there, and when that was recorded.
    package let first: Position?
    package let oldest: Timestamp?
    /// `nil` from a server that removes nothing.
    package let retention: RetentionAnswer?
    package let sources: [SourceAnswer]
    package let enrichers: [EnricherAnswer]
    package let forwarders: [ForwarderAnswer]
    /// Those that have not ended.
    package let replays: [ReplayAnswer]
    /// Those that run.
    package let syncs: [SyncAnswer]
    /// Items in the quarantine.
    package let quarantined: Int
    package let deadLetters: Int

    init(json: JSONValue) throws(ClientError) {
        self.json = json
        version = try json.text("version")
        started = json["started"]?.string.flatMap { Timestamp($0) }
        let store = json["store"]
        storeBytes = store?.count("bytes") ?? 0
        guard let head = store?["head"]?.string.flatMap({ Position($0) }) else {
            throw .unreadable("the head of the store is missing")
        }
        self.head = head
        reloadRefusal = json["configuration"]?["reload"]?["reason"]?.string
        first = store?["first"]?.string.flatMap { Position($0) }
        oldest = store?["oldest"]?.string.flatMap { Timestamp($0) }
        retention = json["retention"].map { RetentionAnswer(json: $0) }
        sources = try json.list("sources").map { value throws(ClientError) in try SourceAnswer(json: value) }
        // A server of before knows none.
        enrichers =
            try json["enrichers"]?.elements.map { value throws(ClientError) in
                try EnricherAnswer(json: value)
            } ?? []
        forwarders = try json.list("forwarders").map { value throws(ClientError) in try ForwarderAnswer(json: value) }
        // A server of before knows none.
        replays = try json["replays"]?.elements.map { value throws(ClientError) in try ReplayAnswer(json: value) } ?? []
        syncs = try json["syncs"]?.elements.map { value throws(ClientError) in try SyncAnswer(json: value) } ?? []
        quarantined = json.count("quarantined")
        deadLetters = json.count("deadletters")
    }
}

/// What came in through a source since the server started.
package struct SourceAnswer: Sendable {
    package let name: String
    package let cloud: String
    package let format: String
    /// `starting`, `running` or `failing`; empty from a server that does not tell.
    package let state: String
    package let since: Timestamp?
    /// What keeps it from taking in.
    package let problem: SourceProblem?
    /// What is not as it should be, though it runs.
    package let warnings: [SourceProblem]
    /// Messages that wait at the origin.
    package let backlog: Int?
    package let lastReceived: Timestamp?
    package let gaps: Int
    package let accepted: Int
    package let duplicates: Int
    package let quarantined: Int
    package let ignored: Int
    package let refused: Int
    package let impossibleTransitions: Int
    package let stale: Int

    init(json: JSONValue) throws(ClientError) {
        name = try json.text("name")
        cloud = json["cloud"]?.string ?? ""
        format = json["format"]?.string ?? ""
        state = json["state"]?.string ?? ""
        since = json["since"]?.string.flatMap { Timestamp($0) }
        problem = json["problem"].flatMap { SourceProblem(json: $0) }
        warnings = json["warnings"]?.elements.compactMap { SourceProblem(json: $0) } ?? []
        backlog = json["backlog"]?.integer.map { Int($0) }
        lastReceived = json["lastreceived"]?.string.flatMap { Timestamp($0) }
        gaps = json.count("gaps")
        accepted = json.count("accepted")
        duplicates = json.count("duplicates")
        quarantined = json.count("quarantined")
        ignored = json.count("ignored")
        refused = json.count("refused")
        impossibleTransitions = json.count("impossibletransitions")
        stale = json.count("stale")
    }
}

/// What keeps a source from taking in, or is not as it should be.
package struct SourceProblem: Sendable, Hashable {
    package let what: String
    package let place: String
    package let remedy: String

    init?(json: JSONValue) {
        guard let what = json["what"]?.string else { return nil }
        self.what = what
        place = json["where"]?.string ?? ""
        remedy = json["remedy"]?.string ?? ""
    }
}
