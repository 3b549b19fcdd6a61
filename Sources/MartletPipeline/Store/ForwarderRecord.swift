package import Martlet

/// A forwarder's number within a store.
package struct ForwarderID: RawRepresentable, Sendable, Hashable {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// Why a forwarder stands still.
package struct Pause: Sendable, Hashable {
    package enum Cause: String, Sendable {
        /// Somebody asked for it.
        case requested
        /// The destination answered that it is gone for good (HTTP 410).
        case gone
        /// The destination has been unavailable for longer than `give-up-after`.
        case unavailable
        /// `order: strict` stops rather than dead-letters.
        case strict
    }

    package var cause: Cause
    package var reason: String

    package init(cause: Cause, reason: String) {
        self.cause = cause
        self.reason = reason
    }
}

/// The four counts that a forwarder keeps; the fifth, pending, is what is parked and what lies beyond the cursor.
package struct DeliveryCounts: Sendable, Hashable {
    package var delivered: Int64 = 0
    package var filtered: Int64 = 0
    package var dead: Int64 = 0
    package var skipped: Int64 = 0

    package init() {}

    package static func += (left: inout DeliveryCounts, right: DeliveryCounts) {
        left.delivered += right.delivered
        left.filtered += right.filtered
        left.dead += right.dead
        left.skipped += right.skipped
    }
}

/// What the store remembers of a forwarder between two lives of the process.
package struct ForwarderRecord: Sendable {
    package var id: ForwarderID
    package var name: String
    /// The forwarder is concerned with events after this position.
    package var start: Position
    /// Every event up to here has been classified.
    package var cursor: Position
    package var counts: DeliveryCounts
    package var pause: Pause?
    package var lastError: String?
    /// Events up to the cursor that are not concluded, ascending.
    package var parked: [ParkedDelivery]
    /// The stretch of which it sends the last event of each resource only; `nil` where there is none.
    package var resynchronisation: Resynchronisation?

    package init(
        id: ForwarderID,
        name: String,
        start: Position,
        cursor: Position,
        counts: DeliveryCounts,
        pause: Pause?,
        lastError: String?,
        parked: [ParkedDelivery]
    ) {
        self.id = id
        self.name = name
        self.start = start
        self.cursor = cursor
        self.counts = counts
        self.pause = pause
        self.lastError = lastError
        self.parked = parked
    }
}

/// An event that waits behind the cursor: for its next attempt, or for an earlier one of its resource.
package struct ParkedDelivery: Sendable, Hashable {
    package var position: Position
    /// What its order is kept by; `nil` where it is unordered.
    package var lane: ResourceKey?
    /// The batch it was sent in, named by the first position: a retried batch keeps its composition. `nil` while it waits
    /// behind an earlier event and has not been sent.
    package var unit: Position?
    package var attempts: Int
    package var due: Timestamp
    package var reason: String
    /// Brought back from the dead letters: marked, and outside the order.
    package var isRedelivery: Bool
    /// Sent in the place of earlier events of its resource, after the destination was away: marked.
    package var isResynchronised = false

    package init(
        position: Position,
        lane: ResourceKey?,
        unit: Position?,
        attempts: Int,
        due: Timestamp,
        reason: String,
        isRedelivery: Bool
    ) {
        self.position = position
        self.lane = lane
        self.unit = unit
        self.attempts = attempts
        self.due = due
        self.reason = reason
        self.isRedelivery = isRedelivery
    }
}

/// What a forwarder has achieved since its last save; the deltas of one transaction.
package struct ForwarderProgress: Sendable, Hashable {
    package var forwarder: ForwarderID
    package var cursor: Position
    /// What is added to the counts.
    package var counts: DeliveryCounts
    /// `.some(nil)` ends a pause; `nil` leaves it as it is.
    package var pause: Pause??
    package var lastError: String??
    /// Parked deliveries that are new or changed.
    package var parked: [ParkedDelivery]
    /// Positions that are parked no longer.
    package var unparked: [Position]
    package var deadLetters: [DeadLetterDraft]
    /// Dead letters that leave, each of which the store takes off the `dead` count: redelivered ones come with an entry in
    /// `parked`, discarded ones with one more `skipped`.
    package var removedDeadLetters: [Int64]
    /// `.some(nil)` ends a stretch of which only the last event of each resource is sent; `nil` leaves it as it is.
    package var resynchronisation: Resynchronisation??

    package init(forwarder: ForwarderID, cursor: Position) {
        self.forwarder = forwarder
        self.cursor = cursor
        counts = DeliveryCounts()
        parked = []
        unparked = []
        deadLetters = []
        removedDeadLetters = []
    }
}

/// An event that a forwarder gave up on.
package struct DeadLetterDraft: Sendable, Hashable {
    package var position: Position
    package var reason: String
    package var attempts: Int
    package var time: Timestamp

    package init(position: Position, reason: String, attempts: Int, time: Timestamp) {
        self.position = position
        self.reason = reason
        self.attempts = attempts
        self.time = time
    }
}

/// An event that a forwarder gave up on, with a copy of its own.
package struct DeadLetter: Sendable {
    package var id: Int64
    package var forwarder: String
    package var forwarderID: ForwarderID
    package var stored: StoredEvent
    package var reason: String
    package var attempts: Int
    package var time: Timestamp

    package init(
        id: Int64,
        forwarder: String,
        forwarderID: ForwarderID,
        stored: StoredEvent,
        reason: String,
        attempts: Int,
        time: Timestamp
    ) {
        self.id = id
        self.forwarder = forwarder
        self.forwarderID = forwarderID
        self.stored = stored
        self.reason = reason
        self.attempts = attempts
        self.time = time
    }
}

/// A dead letter without its event, which may be large.
package struct DeadLetterReference: Sendable, Hashable {
    package var id: Int64
    package var position: Position

    package init(id: Int64, position: Position) {
        self.id = id
        self.position = position
    }
}

extension DeadLetter {
    package var reference: DeadLetterReference { DeadLetterReference(id: id, position: stored.position) }
}

/// The five numbers of promise 5 and what else the store knows of a forwarder, from one snapshot.
package struct ForwarderStatus: Sendable {
    package var id: ForwarderID
    package var name: String
    /// Events committed from its start position on.
    package var committed: Int64
    package var counts: DeliveryCounts
    /// Parked, and not yet classified.
    package var pending: Int64
    package var parked: Int64
    package var cursor: Position
    package var pause: Pause?
    package var lastError: String?
    /// When the oldest event that is not concluded was recorded; `nil` where there is none.
    package var oldestPending: Timestamp?

    package init(
        id: ForwarderID,
        name: String,
        committed: Int64,
        counts: DeliveryCounts,
        pending: Int64,
        parked: Int64,
        cursor: Position,
        pause: Pause?,
        lastError: String?,
        oldestPending: Timestamp?
    ) {
        self.id = id
        self.name = name
        self.committed = committed
        self.counts = counts
        self.pending = pending
        self.parked = parked
        self.cursor = cursor
        self.pause = pause
        self.lastError = lastError
        self.oldestPending = oldestPending
    }
}
