package import Martlet

/// Hands batches of events to one kind of destination and says what became of each.
///
/// `send` may be called up to `delivery.concurrency` times at once. It never retries by itself, never sleeps, never logs
/// and forgets: whatever goes wrong is an outcome, and the forwarder decides. It returns when the destination has taken
/// the batch durably, as far as the destination can tell. Cancelled, it returns ``DeliveryOutcome/unavailable(_:retryAfter:)``.
package protocol Sink: Sendable {
    /// How it wants its batches.
    var delivery: SinkDelivery { get }

    /// Hands a batch over.
    func send(_ batch: OutgoingBatch) async -> BatchOutcome

    /// Releases what it holds; nothing is sent afterwards.
    func close() async
}

/// How a sink wants its batches.
package struct SinkDelivery: Sendable, Hashable {
    package enum Mode: Sendable, Hashable {
        /// One outcome for the whole batch.
        case atomic
        /// An outcome for each event; what follows a failed one has not been tried.
        case prefix
        /// An outcome for each event, in any order: never two events of one resource in flight.
        case independent
    }

    package var mode: Mode
    package var maximumEvents: Int
    package var maximumBytes: Int
    /// Batches in flight at once.
    package var concurrency: Int

    package init(mode: Mode, maximumEvents: Int, maximumBytes: Int = 1 << 20, concurrency: Int = 1) {
        self.mode = mode
        self.maximumEvents = maximumEvents
        self.maximumBytes = maximumBytes
        self.concurrency = concurrency
    }
}

/// A batch that has passed the gate.
package struct OutgoingBatch: Sendable {
    /// The same for each attempt of the same batch.
    package var id: String
    package var events: [OutgoingEvent]
    /// Store, and replay where it is one: what the position of an event is unique within.
    package var scope: String

    package init(id: String, events: [OutgoingEvent], scope: String = "") {
        self.id = id
        self.events = events
        self.scope = scope
    }

    /// What tells one event's delivery from every other: the same for each attempt, whichever batch it is in.
    package func key(ofEventAt index: Int) -> String {
        guard let position = events[index].event.position, !scope.isEmpty else { return "\(id)/\(index)" }
        return "\(scope)\(position)"
    }
}

/// One event as it leaves.
package struct OutgoingEvent: Sendable {
    /// The attributes, already without what may not be seen; its payload is not for sending, `body` is.
    package var event: Event
    /// What is sent, protected.
    package var body: [UInt8]
    package var form: BodyForm

    package init(event: Event, body: [UInt8], form: BodyForm) {
        self.event = event
        self.body = body
        self.form = form
    }
}

/// What became of a batch.
package enum BatchOutcome: Sendable, Hashable {
    case whole(DeliveryOutcome)
    /// One for each event, in order.
    case each([DeliveryOutcome])
}

/// What became of an event.
package enum DeliveryOutcome: Sendable, Hashable {
    case delivered
    /// This event failed: it spends an attempt, and its resource waits.
    case retry(String, after: Duration? = nil)
    /// It will never be taken: straight to the dead letters.
    case reject(String)
    /// The destination takes nothing now: the forwarder backs off, no attempt is spent.
    case unavailable(String, retryAfter: Duration? = nil)
    /// The destination is gone for good: the forwarder pauses.
    case gone(String)
    /// Not tried, because an earlier one of the batch failed.
    case untried
}
