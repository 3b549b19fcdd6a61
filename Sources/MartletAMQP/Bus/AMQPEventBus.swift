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
    private let registry = SubscriptionRegistry()
    private let pumps: (stream: AsyncStream<BusSubscription>, continuation: AsyncStream<BusSubscription>.Continuation)
    private let counters = BusCounters()
    private let time: any TimeSource

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
        // The registry keeps the subscriptions, and they their links.
        let registry = registry
        publisher = AMQPLink(settings, name: "\(name) publisher", preparation: Self.preparation(exchange))
        consumer = AMQPLink(
            settings,
            name: "\(name) subscriber",
            observer: { [weak registry] in registry?.take($0, of: nil) },
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
            observer: { [weak registry] in registry?.take($0, of: id) },
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
        let subscriptions = registry.close()
        for subscription in subscriptions { subscription.end() }
        pumps.continuation.finish()
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
        guard let subscription = registry.remove(id) else {
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
        let id = registry.makeID()
        let subscription = BusSubscription(
            id: id,
            patterns: patterns,
            options: options,
            queue: queue,
            exchange: exchange,
            link: queue.map { makeLink(for: id, queue: $0) } ?? consumer,
            counters: counters
        )
        // Known before it has a consumer, lest what the broker says of that one meanwhile is said of nobody.
        registry.add(subscription)
        do throws(AMQPError) {
            try await subscription.attach(to: subscription.link.ready())
        } catch {
            _ = registry.remove(id)
            subscription.end()
            await subscription.link.prepareAgain()
            await closeLink(of: subscription)
            throw EventBusError(error)
        }
        guard registry.keep(id) else {
            subscription.end()
            await closeLink(of: subscription)
            throw EventBusError(.unavailable, "the bus is closed")
        }
        pumps.continuation.yield(subscription)
        return subscription.sequence
    }

    // MARK: Reconnecting

    /// Gives every subscription that lacks one a consumer, each after a wait of its own where it cannot be had: one that is
    /// refused for good holds up no other.
    private func keepSubscriptions() async {
        var retries: [EventSubscription.ID: Retry] = [:]
        while !Task.isCancelled, !registry.isClosed {
            let detached = registry.detached
            retries = retries.filter { id, _ in detached.contains { $0.id == id } }
            // Where the connection of many cannot be had it is not asked for by each of them.
            var isShared = true
            for subscription in detached where retries[subscription.id].map({ $0.due <= time.steadyNow }) ?? true {
                let attempt = subscription.isNamed || isShared ? await attach(subscription) : .withoutConnection
                if attempt == .attached {
                    retries[subscription.id] = nil
                } else {
                    retries[subscription.id, default: Retry()].failed(at: time.steadyNow)
                }
                if attempt == .withoutConnection, !subscription.isNamed { isShared = false }
            }
            let next = retries.values.map(\.due).min().map { max(.milliseconds(1), $0 - time.steadyNow) }
            await registry.bell.wait(atMost: next, time: time)
        }
    }

    /// When a subscription is given its consumer again that it could not be given.
    private struct Retry {
        private(set) var due = Timestamp(nanoseconds: 0)
        private var backoff = Backoff(longest: .seconds(10))

        mutating func failed(at now: Timestamp) { due = now + backoff.next() }
    }

    private enum Attempt {
        case attached
        case refused
        case withoutConnection
    }

    private func attach(_ subscription: BusSubscription) async -> Attempt {
        do throws(AMQPError) {
            let session = try await subscription.link.ready()
            do throws(AMQPError) {
                try await subscription.attach(to: session)
                return .attached
            } catch {
                await subscription.link.prepareAgain()
                return .refused
            }
        } catch {
            return .withoutConnection
        }
    }
}

extension EventBusError {
    fileprivate init(_ error: AMQPError) { self.init(.unavailable, error.what, underlying: error) }
}
