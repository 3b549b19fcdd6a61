package import Martlet
package import MartletJSON

/// How a replay is doing.
package struct ReplayAnswer: Sendable {
    package let json: JSONValue
    package let id: String
    /// `running`, `retrying`, `unavailable`, `paused`, `finished` or `cancelled`; other words may come.
    package let state: String
    /// The forwarder to whose destination it goes, where it is one.
    package let forwarder: String?
    /// The kind of the sink.
    package let sink: String
    /// As it was asked for, without secrets.
    package let definition: JSONValue?
    package let from: Position
    package let to: Position
    /// Events a second; 0 for as fast as they are taken.
    package let rate: Int
    package let note: String?
    package let created: Timestamp?
    package let ended: Timestamp?
    /// Events in the range: delivered + filtered + failed + skipped + pending.
    package let total: Int
    /// Events that have been looked at.
    package let scanned: Int
    package let matched: Int
    package let delivered: Int
    package let filtered: Int
    package let failed: Int
    package let skipped: Int
    package let pending: Int
    package let parked: Int
    package let pauseReason: String?
    package let lastError: String?

    /// Whether nothing more comes of it.
    package var hasEnded: Bool { state == "finished" || state == "cancelled" }

    init(json: JSONValue) throws(ClientError) {
        self.json = json
        id = try json.text("id")
        state = try json.text("state")
        forwarder = json["forwarder"]?.string
        sink = json["sink"]?.string ?? ""
        definition = json["definition"]
        guard let from = json["from"]?.string.flatMap({ Position($0) }),
            let to = json["to"]?.string.flatMap({ Position($0) })
        else { throw .unreadable("the range of the replay is missing") }
        (self.from, self.to) = (from, to)
        rate = json.count("rate")
        note = json["note"]?.string
        created = json["created"]?.string.flatMap { Timestamp($0) }
        ended = json["ended"]?.string.flatMap { Timestamp($0) }
        total = json.count("total")
        scanned = json.count("scanned")
        matched = json.count("matched")
        delivered = json.count("delivered")
        filtered = json.count("filtered")
        failed = json.count("failed")
        skipped = json.count("skipped")
        pending = json.count("pending")
        parked = json.count("parked")
        pauseReason = json["pause"]?["reason"]?.string
        lastError = json["last_error"]?.string
    }
}

/// What a replay would send, counted as far as one request looks.
package struct ReplayCountAnswer: Sendable {
    package let json: JSONValue
    package let from: Position
    package let to: Position
    /// How far it has been counted.
    package let scanned: Position
    package let matched: Int
    package let filtered: Int
    /// No longer in the log.
    package let removed: Int

    init(json: JSONValue) throws(ClientError) {
        self.json = json
        guard let from = json["from"]?.string.flatMap({ Position($0) }),
            let to = json["to"]?.string.flatMap({ Position($0) }),
            let scanned = json["scanned"]?.string.flatMap({ Position($0) })
        else { throw .unreadable("the range of the count is missing") }
        (self.from, self.to, self.scanned) = (from, to, scanned)
        matched = json.count("matched")
        filtered = json.count("filtered")
        removed = json.count("removed")
    }
}

/// An event that a replay gave up on.
package struct ReplayFailureAnswer: Sendable {
    package let json: JSONValue
    package let id: String
    package let position: Position?
    package let reason: String
    package let attempts: Int
    package let event: ListedEvent?

    init(json: JSONValue) throws(ClientError) {
        self.json = json
        id = try json.text("id")
        position = json["position"]?.string.flatMap { Position($0) }
        reason = json["reason"]?.string ?? ""
        attempts = json.count("attempts")
        event = json["event"].flatMap { $0.kind == .object ? ListedEvent(json: $0) : nil }
    }
}
