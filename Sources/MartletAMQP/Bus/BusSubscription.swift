import Martlet
import Synchronization

/// What a bus counts.
final class BusCounters: Sendable {
    /// Messages that were no events.
    let unreadable = Atomic(0)
}

/// One subscription of an ``AMQPEventBus``: its queue at the broker, what the broker has delivered, and what is pending here.
///
/// The session's thread hands portions over without waiting; ``pump()`` decodes them and waits for room. What is on the way
/// is bounded by the prefetch: an event of a named queue is acknowledged when it has been read, so that none is lost with the
/// process; one of a queue that goes with the connection when it has its place.
final class BusSubscription: Sendable {
    /// What a named queue holds while nobody reads it: 2 GiB.
    private static let maximumQueueBytes: Int64 = 2 << 30

    private struct Portion: Sendable {
        /// Weak, because the session keeps the closure that makes portions.
        weak let session: AMQPSession?
        /// Tells the channel that it came over from others of the same connection.
        let channel: Int
        let deliveries: [AMQPDelivery]
    }

    private struct State: Sendable {
        var session: AMQPSession?
        /// The queue as the broker knows it.
        var queue: String?
        var tag: String?
        /// The channel on which it was consumed last.
        var channel: Int?
        var isOver = false
    }

    let id: EventSubscription.ID
    let sequence: EventSubscription
    /// Its connection: all nameless ones share one, a named one has its own. Its unread events wait for their acknowledgement,
    /// and a broker closes the channel on which one waits for long, with all that is on it.
    let link: AMQPLink
    private let patterns: [TopicPattern]
    private let prefetch: UInt16
    /// The name of a queue that stays; `nil` for one that goes with the connection.
    private let name: String?
    private let exchange: String
    private let counters: BusCounters
    private let pending: EventQueue
    private let state = Mutex(State())
    private let portions: (stream: AsyncStream<Portion>, continuation: AsyncStream<Portion>.Continuation)

    init(
        id: EventSubscription.ID,
        patterns: [TopicPattern],
        options: SubscriptionOptions,
        queue: String?,
        exchange: String,
        link: AMQPLink,
        counters: BusCounters
    ) {
        self.id = id
        self.link = link
        self.patterns = patterns
        prefetch = UInt16(clamping: options.capacity)
        name = queue
        self.exchange = exchange
        self.counters = counters
        pending = EventQueue(options: options)
        sequence = EventSubscription(id: id, queue: pending)
        portions = AsyncStream.makeStream()
    }

    /// Whether its queue stays, and its connection is its own.
    var isNamed: Bool { name != nil }

    /// Whether it wants events and nobody delivers any.
    var isDetached: Bool {
        guard sequence.isOpen else { return false }
        return state.withLock { state in
            guard !state.isOver else { return false }
            guard let session = state.session else { return true }
            return state.tag == nil || session.failure != nil
        }
    }

    /// Takes note that the broker has ended a consumer, or all of them: the queue may be gone too.
    func consumerEnded(_ tag: String?) {
        state.withLock { state in
            if tag == nil || state.tag == tag { (state.queue, state.tag) = (nil, nil) }
        }
    }

    /// Makes the queue, binds and consumes it.
    func attach(to session: AMQPSession) async throws(AMQPError) {
        // What an attempt before this one has made on the same connection is there.
        let (known, last) = state.withLock { $0.session === session ? ($0.queue, $0.channel) : (nil, nil) }
        let queue = if let known { known } else { try await declareQueue(on: session) }
        state.withLock { ($0.session, $0.queue, $0.tag, $0.channel) = (session, queue, nil, last) }
        for pattern in patterns {
            try await session.bind(queue: queue, to: exchange, pattern: pattern.description)
        }
        let portions = portions.continuation
        let prefetch = prefetch
        // What came over another channel is delivered again. What came over this one is not, a queue that has gone since included.
        let discarded = name == nil ? nil : pending
        // In one go, since the bound holds for whichever consumer begins next.
        let (tag, isOver) = try await session.perform { connection throws(AMQPError) in
            try connection.limitPrefetch(to: prefetch)
            let channel = connection.channelClosures
            if channel != last { discarded?.discardPending() }
            let tag = try connection.consume(queue, isExclusive: false, arguments: [:]) { [weak session] deliveries in
                portions.yield(Portion(session: session, channel: channel, deliveries: deliveries))
            }
            // Here, where nothing that the broker says of this consumer can come before.
            let isOver = self.state.withLock { state in
                (state.tag, state.channel) = (tag, channel)
                return state.isOver
            }
            return (tag, isOver)
        }
        // It ended while the broker was asked.
        if isOver { try await session.cancelConsumer(tag) }
    }

    private func declareQueue(on session: AMQPSession) async throws(AMQPError) -> String {
        guard let name else {
            let queue = AMQPQueue(
                name: AMQPQueue.temporaryName("bus"),
                isDurable: false,
                isExclusive: true,
                isAutoDelete: true
            )
            return try await session.declareQueue(queue).name
        }
        do throws(AMQPError) {
            var arguments: AMQPArguments = [
                "x-queue-type": .string("quorum"),
                // A subscriber that never comes back must not fill the broker (promise 10).
                "x-max-length-bytes": .integer(Self.maximumQueueBytes),
                "x-overflow": .string("drop-head"),
            ]
            // From 4.0 on the broker discards what has come back twenty times.
            if session.server.isRabbitMQ(atLeast: 4) { arguments["x-delivery-limit"] = .integer(-1) }
            try await session.declareQueue(AMQPQueue(name: name, arguments: arguments))
        } catch {
            // A queue that somebody has made in another way is used as it is.
            guard error.code == .inequivalent else { throw error }
            _ = try await session.queueState(name)
        }
        return name
    }

    /// Nothing more is delivered, and what is pending is discarded.
    func end() {
        state.withLock { $0.isOver = true }
        portions.continuation.finish()
        pending.finish()
    }

    /// Removes the queue at the broker.
    ///
    /// A queue without a name has gone with its connection.
    func removeQueue() async throws(AMQPError) {
        let (session, queue) = state.withLock { state in
            defer { state.session = nil }
            // A consumer that the broker has ended may have left its queue behind: a queue with a name is known by it.
            return (state.session, name ?? state.queue)
        }
        guard let queue else { return }
        if let session, session.failure == nil {
            do throws(AMQPError) {
                return try await session.deleteQueue(queue)
            } catch {
                guard session.failure != nil else { throw error }
            }
        }
        if name != nil { try await link.ready().deleteQueue(queue) }
    }

    // MARK: Delivering

    /// Hands over what comes, until the subscription ends or fails.
    func pump() async {
        for await portion in portions.stream {
            // A named queue delivers again what a lost connection has left unacknowledged; others have it no more.
            let session = portion.session
            if name != nil, session == nil || session?.failure != nil { continue }
            var settled: [UInt64] = []
            for delivery in portion.deliveries {
                guard let event = wanted(delivery) else {
                    settled.append(delivery.tag)
                    continue
                }
                let tag = delivery.tag
                do {
                    if name == nil {
                        try await pending.enqueue(event)
                        settled.append(tag)
                    } else {
                        try await pending.enqueue(event) { [weak session] in
                            session?.acknowledge([tag], channel: portion.channel)
                        }
                    }
                } catch {
                    // The bus stops: what is unacknowledged stays in a named queue.
                    return
                }
            }
            if !settled.isEmpty { session?.acknowledge(settled, channel: portion.channel) }
            if !sequence.isOpen { return await stopConsuming() }
        }
    }

    /// The event of a delivery; `nil` where it is none, or not for this subscription.
    private func wanted(_ delivery: AMQPDelivery) -> Event? {
        guard let event = BusMessage.event(of: delivery) else {
            counters.unreadable.add(1, ordering: .relaxed)
            return nil
        }
        // A named queue may have bindings of a subscription before this one.
        return patterns.contains { $0.matches(event.topic) } ? event : nil
    }

    /// A subscription that has failed takes nothing more; its queue goes when it is unsubscribed, a nameless one at once.
    private func stopConsuming() async {
        let (session, tag) = state.withLock { ($0.session, $0.tag) }
        guard let session, let tag else { return }
        // Where it cannot be cancelled the session is over, and the consumer with it.
        try? await session.cancelConsumer(tag)
    }
}

extension AMQPSession {
    /// Acknowledges these deliveries and no others: consumers share the channel, and so the row of tags. On another channel the
    /// same tags are other deliveries, and these come again.
    fileprivate func acknowledge(_ tags: [UInt64], channel: Int) {
        inbox.submit { connection in
            guard let connection, connection.channelClosures == channel else { return }
            for tag in tags { connection.acknowledge(tag, includingEarlier: false) }
        }
    }
}
