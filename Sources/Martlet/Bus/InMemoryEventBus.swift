import Synchronization

/// A bus within one process.
///
/// `publish` finds the subscribers in a trie, whose cost hardly grows with their number, and puts the event into the
/// queue of each. Only subscribers who chose ``SubscriptionOptions/Overflow/wait`` can make it wait, and then every
/// other one has the event already.
public final class InMemoryEventBus: EventBus {
    private let routes = Mutex(EventRoutes())

    /// A bus without subscriptions.
    public init() {}

    /// See ``EventBus/publish(_:)``; it throws nothing but `CancellationError`.
    public func publish(_ event: Event) async throws {
        let subscribers = routes.withLock { $0.subscribers(to: event.topic) }
        var waits: [(queue: EventQueue, ticket: UInt64)] = []
        for (id, queue) in subscribers {
            switch queue.offer(event) {
            case .done: break
            case .failed: routes.withLock { $0.disconnect(id) }
            case .parked(let ticket): waits.append((queue, ticket))
            }
        }
        var cancellation: CancellationError?
        for (queue, ticket) in waits {
            // Once cancelled, the event is taken back wherever it still waits for room.
            do { try await queue.waitForRoom(ticket) } catch { cancellation = error }
        }
        if let cancellation { throw cancellation }
    }

    /// See ``EventBus/subscribe(to:options:)``.
    public func subscribe(
        to patterns: [TopicPattern],
        options: SubscriptionOptions
    ) async throws -> EventSubscription {
        try options.validate(for: patterns)
        let queue = EventQueue(options: options)
        return EventSubscription(id: routes.withLock { $0.add(patterns, queue) }, queue: queue)
    }

    /// See ``EventBus/unsubscribe(_:)``.
    public func unsubscribe(_ id: EventSubscription.ID) async throws {
        guard let queue = routes.withLock({ $0.remove(id) }) else { throw EventBusError.unknownSubscription(id) }
        queue.finish()
    }

    /// How many subscriptions there are that have not been unsubscribed.
    public var subscriptionCount: Int { routes.withLock { $0.count } }
}
