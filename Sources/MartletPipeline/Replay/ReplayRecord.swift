package import Martlet

/// A replay's number within a store.
package struct ReplayID: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }

    package static func < (left: ReplayID, right: ReplayID) -> Bool { left.rawValue < right.rawValue }

    package var description: String { String(rawValue) }
}

/// Where a replay is in its life.
package enum ReplayState: String, Sendable, CaseIterable {
    case running, paused, finished, cancelled

    /// Whether nothing more comes of it.
    package var hasEnded: Bool { self == .finished || self == .cancelled }
}

/// A replay that is about to be made.
package struct ReplayDraft: Sendable, Hashable {
    /// To where and what, as it was asked for, in JSON; it may hold secrets, and is shown redacted only.
    package var definition: [UInt8]
    /// The forwarder to whose destination it goes; `nil` where it has a sink of its own.
    package var forwarder: String?
    /// The kind of that sink of its own, or of the forwarder's.
    package var sink: String
    /// The first and the last event of the range.
    package var range: ClosedRange<Position>
    /// Events a second; `nil` for as fast as the destination takes them.
    package var rate: Int?
    package var note: String?
    package var created: Timestamp

    package init(
        definition: [UInt8],
        forwarder: String?,
        sink: String,
        range: ClosedRange<Position>,
        rate: Int?,
        note: String?,
        created: Timestamp
    ) {
        self.definition = definition
        self.forwarder = forwarder
        self.sink = sink
        self.range = range
        self.rate = rate
        self.note = note
        self.created = created
    }
}

/// What the store remembers of a replay.
package struct ReplayRecord: Sendable, Hashable {
    package var id: ReplayID
    package var draft: ReplayDraft
    package var state: ReplayState
    /// Every event of the range up to here has been classified.
    package var cursor: Position
    /// `dead` are those that failed for good, which are kept with the replay; `skipped` those that had been removed from
    /// the log.
    package var counts: DeliveryCounts
    /// How many events up to the cursor wait for another attempt, or behind one that does.
    package var parked: Int64
    package var pause: Pause?
    package var lastError: String?
    package var ended: Timestamp?

    package init(id: ReplayID, draft: ReplayDraft) {
        self.id = id
        self.draft = draft
        state = .running
        cursor = draft.range.lowerBound.advanced(by: -1)
        counts = DeliveryCounts()
        parked = 0
    }

    /// Events in the range: delivered + filtered + dead + skipped + pending.
    package var total: Int64 { draft.range.upperBound.rawValue - draft.range.lowerBound.rawValue + 1 }
    /// Events whose fate is not sealed.
    package var pending: Int64 { total - counts.delivered - counts.filtered - counts.dead - counts.skipped }
    /// Events that have been looked at.
    package var scanned: Int64 { cursor.rawValue - draft.range.lowerBound.rawValue + 1 }
    /// Those of them that are to be delivered.
    package var matched: Int64 { counts.delivered + counts.dead + parked }
}

/// What a replay has achieved since its last save.
package struct ReplayProgress: Sendable, Hashable {
    package var replay: ReplayID
    /// As a forwarder's, `deadLetters` being those that failed for good; nothing of it concerns a forwarder.
    package var delivery: ForwarderProgress
    /// Everything is concluded.
    package var isFinished: Bool
    package var time: Timestamp

    package init(replay: ReplayID, delivery: ForwarderProgress, isFinished: Bool, time: Timestamp) {
        self.replay = replay
        self.delivery = delivery
        self.isFinished = isFinished
        self.time = time
    }
}

/// An event that a replay gave up on, with a copy of its own.
package struct ReplayFailure: Sendable {
    package var id: Int64
    package var stored: StoredEvent
    package var reason: String
    package var attempts: Int
    package var time: Timestamp

    package init(id: Int64, stored: StoredEvent, reason: String, attempts: Int, time: Timestamp) {
        self.id = id
        self.stored = stored
        self.reason = reason
        self.attempts = attempts
        self.time = time
    }
}
