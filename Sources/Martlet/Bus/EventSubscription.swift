/// A subscription to a bus: the sequence of its events.
///
/// The sequence ends when the subscription is unsubscribed, and throws ``EventBusError`` once when it failed. A reader
/// whose task is cancelled leaves the loop, and the subscription stays. Several readers share the events.
public struct EventSubscription: AsyncSequence, Sendable, Identifiable {
    /// What is read.
    public typealias Element = Event
    /// Why reading fails.
    public typealias Failure = EventBusError

    /// Names a subscription within its bus.
    public struct ID: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The number of the subscription.
        public let rawValue: UInt64

        /// The id of this number.
        public init(rawValue: UInt64) { self.rawValue = rawValue }

        /// The number in decimal.
        public var description: String { String(rawValue) }
    }

    /// What ``EventBus/unsubscribe(_:)`` is to be given.
    public let id: ID
    private let queue: EventQueue

    /// A subscription that reads what its bus puts into a queue.
    public init(id: ID, queue: EventQueue) {
        self.id = id
        self.queue = queue
    }

    /// How many events were discarded because others came, with ``SubscriptionOptions/Overflow/dropOldest``.
    public var droppedCount: Int { queue.droppedCount }

    /// How many events are waiting to be read.
    public var pendingCount: Int { queue.pendingCount }

    /// Whether events can still arrive: not unsubscribed and not failed.
    public var isOpen: Bool { queue.isOpen }

    /// A reader; several share the events.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(queue: queue) }

    /// Reads the events of a subscription.
    ///
    /// An event counts as read when the next one is asked for, or when the loop is left: until then a bus whose broker keeps
    /// events has it delivered again after a crash.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let queue: EventQueue
        private let reading = Reading()

        fileprivate init(queue: EventQueue) { self.queue = queue }

        /// The next event; `nil` at the end, or where the task is cancelled.
        public func next() async throws(EventBusError) -> Event? {
            reading.finish()
            reading.item = try await queue.next()
            return reading.item?.event
        }

        /// The next event; `nil` at the end, or where the task is cancelled.
        public func next(isolation actor: isolated (any Actor)?) async throws(EventBusError) -> Event? {
            try await next()
        }
    }

    /// The event that a reader is busy with; with the iterator it goes.
    private final class Reading {
        var item: EventQueue.Item?

        func finish() {
            item?.whenRead?()
            item = nil
        }

        deinit { finish() }
    }
}
