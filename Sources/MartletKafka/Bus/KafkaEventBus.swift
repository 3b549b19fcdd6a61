public import Logging
public import Martlet
import MartletPipeline
import Synchronization

/// A bus over Kafka: one topic, which every subscription reads with a consumer of its own.
///
/// Use ``withKafkaEventBus(bootstrapServers:topic:properties:_:)``, or keep ``run()`` running. Beyond what every ``EventBus``
/// promises:
///
/// - The topic has to be there. Events travel as structured CloudEvents.
/// - `publish` returns when all replicas in sync have the event. Where that fails the event may have been taken.
/// - What one bus publishes goes to one partition, for that is what keeps its order; several buses spread. With
///   ``Order/resource`` the resource decides instead, and only the order within each resource is kept.
/// - Patterns are matched where the subscription is, so that it receives the whole topic.
/// - A broker that is away delays a subscription and ends none. One that is so slow that retention overtakes it fails.
/// - With ``SubscriptionOptions/Overflow/wait`` the topic holds what waits, and no publisher does.
/// - Partitions that are added later are read by later subscriptions only.
public final class KafkaEventBus: EventBus {
    /// What decides which partition an event goes to.
    public enum Order: Sendable, Hashable {
        /// The bus that publishes: its events keep their order.
        case publisher
        /// The event's resource: its events keep their order, whichever bus publishes them one after the other.
        case resource
    }

    private let settings: KafkaSettings
    private let topic: String
    private let order: Order
    /// The key of what this bus publishes, with ``Order/publisher``.
    private let name = "bus-" + String(UInt64.random(in: .min ... .max), radix: 36)
    private let producer: KafkaProducer
    private let logger: Logger
    private let unreadable = UnreadableCounter()
    private let state = Mutex(State())
    private let pumps: (stream: AsyncStream<BusSubscription>, continuation: AsyncStream<BusSubscription>.Continuation)

    private struct State: Sendable {
        var subscriptions: [EventSubscription.ID: BusSubscription] = [:]
        var lastID: UInt64 = 0
        var isClosed = false
    }

    /// A bus that connects when it is first used.
    ///
    /// - Parameters:
    ///   - bootstrapServers: brokers to begin with, `host:9092,host:9092`.
    ///   - topic: where events are published; it has to be there.
    ///   - order: what decides the partition.
    ///   - properties: of librdkafka or Java's clients, those of TLS and SASL for instance.
    ///   - logger: what librdkafka reports goes there.
    /// - Throws: ``EventBusError`` with ``EventBusError/Code/invalidOptions`` where an argument cannot be.
    public init(
        bootstrapServers: String,
        topic: String = "martlet",
        order: Order = .publisher,
        properties: [String: String] = [:],
        logger: Logger = Logger(label: "martlet.bus")
    ) throws {
        let fields: [String: ComponentSettings.Value] = [
            "bootstrap-servers": .string(bootstrapServers), "properties": .table(properties),
        ]
        do throws(ComponentError) {
            settings = try KafkaSettings(ComponentSettings(fields), for: .both)
        } catch {
            throw EventBusError(.invalidOptions, error.description)
        }
        self.topic = topic
        self.order = order
        self.logger = logger
        producer = KafkaProducer(settings, logger: logger)
        pumps = AsyncStream.makeStream()
    }

    /// Delivers to the subscriptions until the task is cancelled or the bus is closed.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for await subscription in pumps.stream {
                group.addTask { await subscription.pump() }
            }
            group.cancelAll()
        }
    }

    /// Ends every subscription and the connections; ``run()`` returns.
    public func close() async {
        let subscriptions = state.withLock { state in
            state.isClosed = true
            defer { state.subscriptions = [:] }
            return Array(state.subscriptions.values)
        }
        pumps.continuation.finish()
        for subscription in subscriptions { await subscription.close() }
        await producer.close()
    }

    /// How many records came that were no events: others may write to the topic. They are passed over.
    public var unreadableCount: Int { unreadable.value }

    // MARK: EventBus

    /// See ``EventBus/publish(_:)``.
    public func publish(_ event: Event) async throws { try await publish(contentsOf: [event]) }

    /// Publishes events one behind the other, and returns when Kafka has all.
    ///
    /// - Throws: ``EventBusError`` with ``EventBusError/Code/unavailable`` where one was not taken; others may have been.
    public func publish(contentsOf events: [Event]) async throws {
        try Task.checkCancellation()
        let records = events.map { BusRecord.record(of: $0, key: order == .publisher ? name : $0.partitionKey) }
        for fate in await producer.send(records, to: topic, isAlone: false) {
            guard case .failed(let error) = fate else { continue }
            try Task.checkCancellation()
            throw EventBusError(.unavailable, error.what, underlying: error)
        }
    }

    /// See ``EventBus/subscribe(to:options:)``.
    public func subscribe(
        to patterns: [TopicPattern],
        options: SubscriptionOptions
    ) async throws -> EventSubscription {
        try options.validate(for: patterns)
        let id = state.withLock { state in
            state.lastID += 1
            return EventSubscription.ID(rawValue: state.lastID)
        }
        let subscription: BusSubscription
        do throws(KafkaError) {
            subscription = try await BusSubscription(
                id: id,
                patterns: patterns,
                options: options,
                topic: topic,
                consumer: KafkaConsumer.open(
                    // Nobody looks at the statistics of a subscription.
                    properties: settings.consumerProperties.merging(["statistics.interval.ms": "0"]) { $1 },
                    place: settings.place,
                    logger: logger
                ),
                unreadable: unreadable,
                logger: logger
            )
        } catch {
            throw EventBusError(.unavailable, error.what, underlying: error)
        }
        let isClosed = state.withLock { state in
            if !state.isClosed { state.subscriptions[id] = subscription }
            return state.isClosed
        }
        guard !isClosed else {
            await subscription.close()
            throw EventBusError(.unavailable, "the bus is closed")
        }
        pumps.continuation.yield(subscription)
        return subscription.sequence
    }

    /// See ``EventBus/unsubscribe(_:)``.
    public func unsubscribe(_ id: EventSubscription.ID) async throws {
        guard let subscription = state.withLock({ $0.subscriptions.removeValue(forKey: id) }) else {
            throw EventBusError(.unknownSubscription, "there is no subscription \(id)")
        }
        await subscription.close()
    }
}
