import DequeModule
package import Martlet

/// The state of a forwarder's deliveries: state in, event in, action out; no clock, no input or output.
///
/// Promises kept here:
/// - 5: an event is classified once, when the cursor passes it: filtered, delivered, dead, skipped or parked, each counted
///   by itself.
/// - 6: in a lane (a resource, or everything where the order is strict) events are handed over in log order. One that fails
///   holds back later ones of its lane, of nobody else; a dead letter releases them.
/// - 7: memory is bounded: `lookahead` events beyond the cursor, `maximumParked` behind it.
/// - 8: what lies behind the cursor and is not concluded is in the progress that ``takeProgress()`` hands out.
///
/// ```
///  concluded or parked   │ ready, in flight, parked, delivered …      │ not read yet
///  ──────────────────────┼────────────────────────────────────────────┼─────────────►
///                      cursor                                  classifiedThrough
/// ```
package struct DeliveryWindow: Sendable {
    package let forwarder: ForwarderID
    package internal(set) var configuration: Configuration

    /// Every event up to here is concluded or parked.
    package internal(set) var cursor: Position
    /// Every event up to here has been offered.
    package internal(set) var classifiedThrough: Position
    package internal(set) var pause: Pause?
    package internal(set) var lastError: String?

    /// The wanted events between `cursor` and `classifiedThrough`, ascending.
    var entries = Deque<Entry>()
    /// What has been concluded or parked beyond the point where the log is read anew, ascending.
    var settled = Deque<Entry>()
    /// Where a look for a ready entry starts: none before this index is ready.
    var firstReady = 0
    /// The payload bytes of the entries, delivered ones that the cursor has not passed included.
    var heldBytes = 0
    /// What waits for its next attempt, or behind an earlier one of its lane.
    var parked: [Position: ParkedDelivery] = [:]
    /// The parked positions of each lane that has some, in log order.
    var lanes: [Lane: Deque<Position>] = [:]
    /// The payload bytes of what was parked in this life of the process; of the others they are not known.
    var parkedBytes: [Position: Int] = [:]
    /// The members of each batch that is parked as one, by its first position.
    var units: [Position: Set<Position>] = [:]
    /// How many of the parked ones are redeliveries.
    var redeliveryCount = 0
    /// The heads of those lanes that have nothing in flight, with the moment they are due.
    var waiting = WaitingLanes()
    /// The lanes with something in flight.
    var busy: Set<Lane> = []
    var flights: [Int: Flight] = [:]
    var nextFlight = 1
    var backoff: Backoff?
    /// Lanes that failed since the last success.
    var failedLanes: Set<Lane> = []
    var suspects = Suspects()
    /// When something was to be handed over last: by it a clock that has been set is known.
    var lastLook: Moment?
    var unitSize = UnitSize()
    /// What is no longer there to be delivered up to here: retention goes on, or has been here already.
    var skippedThrough = Position.zero
    /// Stretches beyond the cursor whose events were never seen here, because the log had lost them: ascending, apart.
    var unseen: Deque<ClosedRange<Int64>> = []
    /// Since when the destination has taken nothing, whatever was paused or reconfigured meanwhile.
    var outage: Outage?
    /// The stretch of which only the last event of each resource is sent.
    package internal(set) var resynchronisation: Resynchronisation?
    /// Up to here it is known which events of that stretch are the last ones.
    var examinedThrough = Position.zero
    /// A stretch that is over, and has not been told of.
    var overResynchronisation: Resynchronisation?
    var unsaved = Unsaved()
    /// Dead letters that have left in this life of the process: an id is never used again.
    var removedLetters: Set<Int64> = []

    /// A window that goes on where a record left off.
    package init(record: ForwarderRecord, configuration: Configuration) {
        forwarder = record.id
        self.configuration = configuration
        cursor = record.cursor
        classifiedThrough = record.cursor
        pause = record.pause
        lastError = record.lastError
        // A parked event beyond the cursor would be read again, and must not be there twice.
        for delivery in record.parked where delivery.position <= record.cursor { park(delivery) }
        dissolveMisfits()
        unsaved = Unsaved()
        unsaved.savedCursor = cursor
        takeUp(record.resynchronisation)
    }
}

// MARK: - What goes in and comes out

extension DeliveryWindow {
    /// What a window is made with.
    package struct Configuration: Sendable, Hashable {
        /// What is sent when the destination is back after an outage.
        package enum AfterOutage: String, Sendable, CaseIterable {
            /// Everything that it has missed.
            case replay
            /// Of each resource the last event only.
            case latest
        }

        package enum Order: String, Sendable, CaseIterable {
            case resource, none, strict
        }

        package var order = Order.resource
        package var retry = RetryPolicy()
        package var delivery: SinkDelivery
        /// Events beyond the cursor, at the most: four rounds of what the sink takes at once.
        package var lookahead: Int
        /// Payload bytes beyond the cursor, at the most, but always one event.
        package var maximumHeldBytes = 16 << 20
        /// Parked lanes at which the cursor stops (DESIGN: 1,000 parked resources).
        package var maximumParkedLanes = 1_000
        /// Parked events at which the cursor stops.
        package var maximumParked = 10_000
        /// Failing lanes, with no success between, that mean an unavailable destination.
        package var failingLanes = 10
        package var afterOutage = AfterOutage.replay
        /// How long a destination takes nothing before that is an outage.
        package var outage = Duration.seconds(30)

        package init(delivery: SinkDelivery) {
            self.delivery = delivery
            lookahead = min(max(512, 4 * delivery.maximumEvents * delivery.concurrency), 20_000)
        }
    }

    /// A wanted event, offered to the window.
    package struct Candidate: Sendable, Hashable {
        package var position: Position
        package var resource: ResourceKey?
        package var byteCount: Int

        package init(position: Position, resource: ResourceKey?, byteCount: Int) {
            self.position = position
            self.resource = resource
            self.byteCount = byteCount
        }
    }

    /// Events to be handed to the sink together.
    package struct Unit: Sendable, Hashable {
        package var id: Int
        package var positions: [Position]
        /// Tries before this one.
        package var attempts: Int
        /// Brought back from the dead letters.
        package var isRedelivery: Bool
        /// Those that stand for the earlier events of their resource too.
        package var resynchronised: Set<Position> = []
        /// How large its events are was not known: what is too much at once is left for later, from the end.
        package var mayBeCut = false
    }
}

// MARK: - What it holds

extension DeliveryWindow {
    /// What is kept in order.
    enum Lane: Hashable {
        case resource(ResourceKey)
        /// An event without a resource, or outside the order: a lane of its own.
        case event(Position)
        /// Everything, where the order is strict.
        case all
    }

    struct Entry {
        enum Status {
            case ready, inFlight, parked, delivered, skipped
            /// Skipped, because a later event of its resource is sent.
            case superseded
            case dead(DeadLetterDraft)
        }

        var position: Position
        var resource: ResourceKey?
        var lane: Lane
        var byteCount: Int
        var status = Status.ready

        var isReady: Bool {
            if case .ready = status { true } else { false }
        }
    }

    /// When the head of a lane may go.
    struct Wait: Comparable {
        var due: Timestamp
        var position: Position

        static func < (left: Wait, right: Wait) -> Bool { (left.due, left.position) < (right.due, right.position) }
    }

    struct Flight {
        var positions: [Position]
        var attempts: Int
    }

    /// By the clock that nobody sets.
    struct Backoff {
        var since: Timestamp
        var failures: Int
        var until: Timestamp
        /// The destination said itself how long to wait.
        var isRequested = false
    }

    /// What has happened since the last save.
    struct Unsaved {
        var savedCursor: Position?
        var counts = DeliveryCounts()
        /// Positions whose parking changed; what they are now is looked up when they are saved.
        var parked: Set<Position> = []
        var deadLetters: [DeadLetterDraft] = []
        var removedDeadLetters: [Int64] = []
        var pauseChanged = false
        var resynchronisationChanged = false
        var errorChanged = false
    }

    func lane(of position: Position, resource: ResourceKey?) -> Lane {
        switch configuration.order {
        case .strict: .all
        case .none: .event(position)
        case .resource: resource.map { .resource($0) } ?? .event(position)
        }
    }

    func lane(of delivery: ParkedDelivery) -> Lane {
        delivery.isRedelivery ? .event(delivery.position) : lane(of: delivery.position, resource: delivery.lane)
    }

    /// The index of the entry at a position, by binary search.
    func entryIndex(of position: Position) -> Int? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].position == position ? low : nil
    }
}
