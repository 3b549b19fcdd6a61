public import Martlet
import MartletPipeline
import Synchronization

/// A bus over RabbitMQ, or another broker that speaks AMQP 0-9-1: an exchange, and a queue for each subscription.
///
/// Use ``withAMQPEventBus(url:exchange:name:_:)``, or keep ``run()`` running. Beyond what every ``EventBus`` promises:
///
/// - `publish` returns when the broker has confirmed the event. Where that fails the event may have been taken.
/// - Publishing and subscribing have a connection each, so that a broker that is short of memory holds up publishers only;
///   and so has each subscription with a name, so that its reader holds up no other.
/// - A lost connection is made anew, and subscriptions with it. What is published while it is gone is missed by a
///   subscription without a name; see ``subscribe(to:options:queue:)`` for one that misses nothing.
/// - With ``SubscriptionOptions/Overflow/wait`` it is the broker's queue that fills, not the publisher who waits.
/// - An event of which the topic has more than 255 bytes is routed by the first 238 of them and a hash.
public final class AMQPEventBus: EventBus {
    private let settings: AMQPSettings
    private let exchange: String
    private let name: String
    private let publisher: AMQPLink
    private let consumer: AMQPLink
    private let state = Mutex(State())
    private let pumps: (stream: AsyncStream<BusSubscription>, continuation: AsyncStream<BusSubscription>.Continuation)
    private let notices: (stream: AsyncStream<Notice?>, continuation: AsyncStream<Notice?>.Continuation)
    private let counters = BusCounters()
    private let time: any TimeSource

    /// What the broker reports of a connection of subscriptions; none for a look without a reason of its own.
    private struct Notice: Sendable {
        let notice: AMQPNotice
        /// Whose connection it is; `nil` for that of all who have none of their own.
        let owner: EventSubscription.ID?
    }

    private struct State: Sendable {
        var subscriptions: [EventSubscription.ID: BusSubscription] = [:]
        var lastID: UInt64 = 0
        var isClosed = false
    }

    /// A bus that connects when it is first used.
    ///
    /// - Parameters:
    ///   - url: `amqp://user:password@host:5672/vhost`, or `amqps://…?cacertfile=…` for TLS.
    ///   - exchange: a topic exchange; made, durable, where it is missing.
    ///   - name: what the broker's administrators see.
    /// - Throws: ``EventBusError`` with ``EventBusError/Code/invalidOptions`` where the URL cannot be read.
    public convenience init(url: String, exchange: String = "martlet", name: String = "bus") throws {
        let settings: AMQPSettings
        do throws(ComponentError) {
            settings = try AMQPSettings(url: url)
        } catch {
            throw EventBusError(.invalidOptions, "the URL of the broker \(error.reason)")
        }
        self.init(settings, exchange: exchange, name: name)
    }

    init(_ settings: AMQPSettings, exchange: String, name: String, time: any TimeSource = SystemTime()) {
        self.settings = settings
        self.exchange = exchange
        self.name = name
        self.time = time
        pumps = AsyncStream.makeStream()
        let notices = AsyncStream.makeStream(of: Notice?.self)
        self.notices = notices
        publisher = AMQPLink(settings, name: "\(name) publisher", preparation: Self.preparation(exchange))
        consumer = AMQPLink(
            settings,
            name: "\(name) subscriber",
            observer: { notices.continuation.yield(Notice(notice: $0, owner: nil)) },
            preparation: Self.preparation(exchange)
        )
    }

    private static func preparation(_ exchange: String) -> AMQPLink.Preparation {
        { session throws(AMQPError) in try await session.declareExchange(exchange) }
    }

    private func makeLink(for id: EventSubscription.ID, queue: String) -> AMQPLink {
        AMQPLink(
            settings,
            name: "\(name) subscriber \(queue)",
            observer: { [notices] in notices.continuation.yield(Notice(notice: $0, owner: id)) },
            preparation: Self.preparation(exchange)
        )
    }

    /// Delivers to the subscriptions until the task is cancelled or the bus is closed.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.keepSubscriptions() }
            for await subscription in pumps.stream {
                group.addTask { await subscription.pump() }
            }
            group.cancelAll()
        }
    }

    /// Ends every subscription without removing named queues, and the connections; ``run()`` returns.
    public func close() async {
        let subscriptions = state.withLock { state in
            state.isClosed = true
            defer { state.subscriptions = [:] }
            return state.subscriptions.values
        }
        for subscription in subscriptions { subscription.end() }
        pumps.continuation.finish()
        notices.continuation.finish()
        await withDiscardingTaskGroup { group in
            for subscription in subscriptions where subscription.isNamed {
                group.addTask { await subscription.link.close() }
            }
        }
        await consumer.close()
        await publisher.close()
    }

    /// How many messages came that were no events: others may publish to the exchange. They are passed over.
    public var unreadableCount: Int { counters.unreadable.load(ordering: .relaxed) }

    // MARK: EventBus

    /// See ``EventBus/publish(_:)``.
    public func publish(_ event: Event) async throws { try await publish(contentsOf: [event]) }

    /// Publishes events one behind the other, and returns when the broker has confirmed all.
    ///
    /// - Throws: ``EventBusError`` with ``EventBusError/Code/unavailable`` where one was not confirmed; others may have been.
    public func publish(contentsOf events: [Event]) async throws {
        try Task.checkCancellation()
        let publications = events.map { BusMessage.publication(of: $0, to: exchange) }
        do throws(AMQPError) {
            let answers = try await publisher.ready().publish(publications)
            for answer in answers {
                switch answer {
                case .confirmed, .returned: break
                case .nacked:
                    throw AMQPError(
                        .failed,
                        "the broker could not take the event",
                        at: "exchange \(exchange)",
                        remedy: "see whether a queue bound there is full"
                    )
                case .lost(let error), .unsent(let error): throw error
                }
            }
        } catch {
            await publisher.prepareAgain()
            throw EventBusError(error)
        }
    }

    /// See ``EventBus/subscribe(to:options:)``: the queue goes with the subscription, and with the connection.
    public func subscribe(
        to patterns: [TopicPattern],
        options: SubscriptionOptions
    ) async throws -> EventSubscription {
        try await subscribe(to: patterns, options: options, named: nil)
    }

    /// Subscribes through a durable queue of this name, which outlives the program: what is published while nobody reads
    /// waits there, and the next subscription of the same name gets it.
    ///
    /// Two subscriptions of one name share the events. Unsubscribing removes the queue; closing the bus leaves it. An event
    /// counts as read when its reader asks for the next one or leaves the loop: what a process had not read when it ended is delivered again. At
    /// most ``SubscriptionOptions/capacity`` events are pending, and the broker keeps the rest, whatever
    /// ``SubscriptionOptions/overflow`` says.
    ///
    /// A broker gives a reader so long for an event: RabbitMQ half an hour (`consumer_timeout`), from when it is pending. Then it
    /// delivers what has not been read again, to this subscription and no other. A slow reader has a small capacity.
    public func subscribe(
        to patterns: [TopicPattern],
        options: SubscriptionOptions = SubscriptionOptions(),
        queue: String
    ) async throws -> EventSubscription {
        guard !queue.isEmpty, queue.utf8.count <= RoutingKey.maximumBytes, !queue.hasPrefix("amq.") else {
            throw EventBusError(
                .invalidOptions,
                "a queue's name has 1 to 255 bytes and does not begin with \"amq.\": choose another one"
            )
        }
        return try await subscribe(to: patterns, options: options, named: queue)
    }

    /// See ``EventBus/unsubscribe(_:)``: the queue is removed, a named one too.
    public func unsubscribe(_ id: EventSubscription.ID) async throws {
        guard let subscription = state.withLock({ $0.subscriptions.removeValue(forKey: id) }) else {
            throw EventBusError(.unknownSubscription, "there is no subscription \(id)")
        }
        subscription.end()
        do throws(AMQPError) {
            try await subscription.removeQueue()
        } catch {
            await closeLink(of: subscription)
            throw EventBusError(error)
        }
        await closeLink(of: subscription)
    }

    private func closeLink(of subscription: BusSubscription) async {
        if subscription.isNamed { await subscription.link.close() }
    }

    private func subscribe(
        to patterns: [TopicPattern],
        options: SubscriptionOptions,
        named queue: String?
    ) async throws -> EventSubscription {
        try options.validate(for: patterns)
        let id = state.withLock { state in
            state.lastID += 1
            return EventSubscription.ID(rawValue: state.lastID)
        }
        let subscription = BusSubscription(
            id: id,
            patterns: patterns,
            options: options,
            queue: queue,
            exchange: exchange,
            link: queue.map { makeLink(for: id, queue: $0) } ?? consumer,
            counters: counters
        )
        do throws(AMQPError) {
            try await subscription.attach(to: subscription.link.ready())
        } catch {
            subscription.end()
            await subscription.link.prepareAgain()
            await closeLink(of: subscription)
            throw EventBusError(error)
        }
        let isClosed = state.withLock { state in
            if !state.isClosed { state.subscriptions[id] = subscription }
            return state.isClosed
        }
        guard !isClosed else {
            subscription.end()
            await closeLink(of: subscription)
            throw EventBusError(.unavailable, "the bus is closed")
        }
        pumps.continuation.yield(subscription)
        // A connection that was lost a moment ago has been reported before the subscription was known.
        notices.continuation.yield(nil)
        return subscription.sequence
    }

    // MARK: Reconnecting

    private func keepSubscriptions() async {
        for await notice in notices.stream {
            switch notice?.notice {
            case .consumerEnded(let tag): forEachSubscription(of: notice?.owner) { $0.consumerEnded(tag) }
            case .channelClosed: forEachSubscription(of: notice?.owner) { $0.consumerEnded(nil) }
            case .blocked, .unblocked, .ended, nil: break
            }
            var delay = Duration.milliseconds(100)
            while !Task.isCancelled, await !attachAll() {
                if state.withLock({ $0.isClosed }) { return }
                guard (try? await time.sleep(for: delay * Double.random(in: 0.5...1))) != nil else { return }
                delay = min(delay * 2, .seconds(10))
            }
        }
    }

    /// Gives every subscription that lacks one a consumer; `false` where one of them has none.
    private func attachAll() async -> Bool {
        let detached = state.withLock { $0.subscriptions.values.filter(\.isDetached) }
        // Where the connection of many cannot be had it is not asked for by each of them.
        var isShared = true
        for subscription in detached where subscription.isNamed || isShared {
            do throws(AMQPError) {
                let session = try await subscription.link.ready()
                // What one of them is refused is no reason to try no other.
                do throws(AMQPError) { try await subscription.attach(to: session) } catch {
                    await subscription.link.prepareAgain()
                }
            } catch {
                if !subscription.isNamed { isShared = false }
            }
        }
        return !detached.contains(where: \.isDetached)
    }

    /// - Parameter owner: whose connection it is; `nil` for that of all who have none of their own.
    private func forEachSubscription(of owner: EventSubscription.ID?, _ body: (BusSubscription) -> Void) {
        for subscription in state.withLock({ Array($0.subscriptions.values) })
        where owner.map({ $0 == subscription.id }) ?? !subscription.isNamed {
            body(subscription)
        }
    }
}

extension EventBusError {
    fileprivate init(_ error: AMQPError) { self.init(.unavailable, error.what, underlying: error) }
}
