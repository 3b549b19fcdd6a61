public import Martlet
import MartletPipeline
import Synchronization

/// A bus over RabbitMQ, or another broker that speaks AMQP 0-9-1: an exchange, and a queue for each subscription.
///
/// Use ``withAMQPEventBus(url:exchange:name:_:)``, or keep ``run()`` running. Beyond what every ``EventBus`` promises:
///
/// - `publish` returns when the broker has confirmed the event. Where that fails the event may have been taken.
/// - Publishing and subscribing have a connection each, so that a broker that is short of memory holds up publishers only.
/// - A lost connection is made anew, and subscriptions with it. What is published while it is gone is missed by a
///   subscription without a name; see ``subscribe(to:options:queue:)`` for one that misses nothing.
/// - With ``SubscriptionOptions/Overflow/wait`` it is the broker's queue that fills, not the publisher who waits.
/// - An event of which the topic has more than 255 bytes is routed by the first 238 of them and a hash.
public final class AMQPEventBus: EventBus {
    private let exchange: String
    private let publisher: AMQPLink
    private let consumer: AMQPLink
    private let state = Mutex(State())
    private let pumps: (stream: AsyncStream<BusSubscription>, continuation: AsyncStream<BusSubscription>.Continuation)
    /// What the broker reports of the subscriptions' connection; `nil` for a look without a reason of its own.
    private let notices: (stream: AsyncStream<AMQPNotice?>, continuation: AsyncStream<AMQPNotice?>.Continuation)
    private let counters = BusCounters()
    private let time: any TimeSource

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
        self.exchange = exchange
        self.time = time
        pumps = AsyncStream.makeStream()
        let notices = AsyncStream.makeStream(of: AMQPNotice?.self)
        self.notices = notices
        let preparation: AMQPLink.Preparation = { session throws(AMQPError) in
            try await session.declareExchange(exchange)
        }
        publisher = AMQPLink(settings, name: "\(name) publisher", preparation: preparation)
        consumer = AMQPLink(
            settings,
            name: "\(name) subscriber",
            observer: { notices.continuation.yield($0) },
            preparation: preparation
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
            try await subscription.removeQueue(consumer)
        } catch {
            throw EventBusError(error)
        }
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
            counters: counters
        )
        do throws(AMQPError) {
            try await subscription.attach(to: consumer.ready())
        } catch {
            subscription.end()
            await consumer.prepareAgain()
            throw EventBusError(error)
        }
        let isClosed = state.withLock { state in
            if !state.isClosed { state.subscriptions[id] = subscription }
            return state.isClosed
        }
        guard !isClosed else {
            subscription.end()
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
            switch notice {
            case .consumerEnded(let tag): forEachSubscription { $0.consumerEnded(tag) }
            case .channelClosed: forEachSubscription { $0.consumerEnded(nil) }
            case .blocked, .unblocked, .ended, nil: break
            }
            var delay = Duration.milliseconds(100)
            while !Task.isCancelled, let failure = await attachAll() {
                if failure.code == .closed { return }
                guard (try? await time.sleep(for: delay * Double.random(in: 0.5...1))) != nil else { return }
                delay = min(delay * 2, .seconds(10))
            }
        }
    }

    /// Gives every subscription that lacks one a consumer; why one of them has none, where that is so.
    private func attachAll() async -> AMQPError? {
        let detached = state.withLock { $0.subscriptions.values.filter(\.isDetached) }
        guard !detached.isEmpty else { return nil }
        do throws(AMQPError) {
            let session = try await consumer.ready()
            var failure: AMQPError?
            for subscription in detached {
                // What one of them is refused is no reason to try no other.
                do throws(AMQPError) { try await subscription.attach(to: session) } catch { failure = error }
            }
            if failure != nil { await consumer.prepareAgain() }
            return failure
        } catch {
            return error
        }
    }

    private func forEachSubscription(_ body: (BusSubscription) -> Void) {
        for subscription in state.withLock({ Array($0.subscriptions.values) }) { body(subscription) }
    }
}

extension EventBusError {
    fileprivate init(_ error: AMQPError) { self.init(.unavailable, error.what, underlying: error) }
}
