/// How much a subscription may hold, and what happens beyond.
public struct SubscriptionOptions: Sendable, Hashable {
    /// What happens to an event for which there is no room.
    public enum Overflow: Sendable, Hashable {
        /// The subscription fails with an error that says how many events were pending; these are discarded.
        case fail
        /// The oldest pending event is discarded and counted: ``EventSubscription/droppedCount``.
        case dropOldest
        /// The publisher waits until there is room.
        case wait
    }

    /// How many events may be pending, at least one.
    public var capacity: Int
    /// What happens beyond the capacity.
    public var overflow: Overflow

    /// Options; without arguments, 1,024 events and failing beyond.
    public init(capacity: Int = 1_024, overflow: Overflow = .fail) {
        self.capacity = capacity
        self.overflow = overflow
    }

    /// Checks what a bus was asked for.
    ///
    /// - Throws: ``EventBusError`` with ``EventBusError/Code/noPatterns`` or ``EventBusError/Code/invalidOptions``.
    public func validate(for patterns: [TopicPattern]) throws(EventBusError) {
        guard !patterns.isEmpty else {
            throw EventBusError(.noPatterns, "a subscription needs a pattern; \"#\" is for every topic")
        }
        guard capacity > 0 else {
            throw EventBusError(.invalidOptions, "a capacity of \(capacity) is too small; it has to be 1 at least")
        }
    }
}
