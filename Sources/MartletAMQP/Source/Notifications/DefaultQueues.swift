import Martlet

/// The queues that oslo.messaging's publishers make by themselves, and which of them may be emptied; pure.
///
/// Every publisher declares a queue of its routing key's name, `notifications.info`, so that nothing is lost before
/// somebody listens. Where nobody does, it grows until the broker has no memory left. Where somebody does, Ceilometer for one,
/// its messages are his: a consumer beside him would get every second one.
struct DefaultQueues: Sendable {
    enum Step: Sendable, Hashable {
        case begin
        case goOn
        /// Somebody else consumes it: ours has to end.
        case stop
        case leave(Reason)
    }

    enum Reason: Sendable, Hashable {
        case hasListener(count: Int)
        /// A listener was there, and may only be starting anew.
        case hadListener
        case isRefused
        /// Whether it may be read could not be found out.
        case isUntried(AMQPError)
    }

    /// So long a queue whose listener is gone is left to him.
    static let patience = Duration.seconds(3_600)
    /// How often a queue that is there is looked at, and one that is not, or that cannot be read: the broker logs each such
    /// look as an error.
    private static let interval = Duration.seconds(10)
    private static let longInterval = Duration.seconds(300)
    /// The same for one that is not there, though its publisher must have made it meanwhile.
    private static let shortInterval = Duration.seconds(5)

    private struct Queue {
        var consumer: String?
        /// It was consumed when the session before this one ended: the broker may not have noticed yet.
        var wasOurs = false
        var listenerSeen: Timestamp?
        var due: Timestamp?
        /// When it was looked for in vain.
        var missedAt: Timestamp?
    }

    private var queues: [String: Queue] = [:]
    /// Until then no queue is begun: reading could not even be tried.
    private var pauseEnd: Timestamp?
    /// Until then a single consumer of a queue that was ours may be the one of the session before.
    private var remainsEnd: Timestamp?

    /// A session begins, in which nothing is consumed yet.
    ///
    /// - Parameter patience: how long the broker may take to notice that the session before is over.
    mutating func beginSession(at now: Timestamp, patience: Duration) {
        for name in queues.keys {
            if queues[name]?.consumer != nil { queues[name]?.wasOurs = true }
            queues[name]?.consumer = nil
            queues[name]?.due = nil
        }
        pauseEnd = nil
        remainsEnd = now + patience
    }

    func isDue(_ name: String, at now: Timestamp) -> Bool { queues[name]?.due.map { $0 <= now } ?? true }
    func consumer(of name: String) -> String? { queues[name]?.consumer }

    /// The queue is not there.
    mutating func isMissing(_ name: String, at now: Timestamp) {
        queues[name, default: Queue()].consumer = nil
        queues[name]?.due = now + Self.longInterval
        queues[name]?.missedAt = now
    }

    /// Something is published by this key.
    mutating func isInUse(_ name: String) {
        guard let missed = queues[name]?.missedAt else { return }
        queues[name]?.due = missed + Self.shortInterval
        queues[name]?.missedAt = nil
    }

    /// The queue is there with so many consumers.
    mutating func next(_ name: String, consumers: Int, at now: Timestamp) -> Step {
        var queue = queues[name, default: Queue()]
        defer { queues[name] = queue }
        queue.due = now + Self.interval
        queue.missedAt = nil
        let mayBeOurs = queue.consumer == nil && queue.wasOurs && remainsEnd.map { now < $0 } ?? false
        // Whoever it is, it is left to him; but no listener has been seen.
        if consumers == 1, mayBeOurs { return .goOn }
        let others = consumers - (queue.consumer == nil ? 0 : 1)
        if others > 0 {
            (queue.listenerSeen, queue.wasOurs) = (now, false)
            return queue.consumer == nil ? .leave(.hasListener(count: others)) : .stop
        }
        if queue.consumer != nil { return .goOn }
        if let seen = queue.listenerSeen, now - seen < Self.patience { return .leave(.hadListener) }
        return pauseEnd.map { now < $0 } ?? false ? .goOn : .begin
    }

    /// The user may not read it.
    mutating func isRefused(_ name: String, at now: Timestamp) {
        queues[name, default: Queue()].due = now + Self.longInterval
    }

    /// Nobody could find out whether the user may read it: so it would be with the others.
    mutating func isUntried(_ name: String, at now: Timestamp) {
        isRefused(name, at: now)
        pauseEnd = now + Self.longInterval
    }

    mutating func hasBegun(_ name: String, consumer: String) {
        queues[name, default: Queue()].consumer = consumer
        queues[name]?.wasOurs = false
    }

    mutating func hasEnded(_ name: String) {
        queues[name]?.consumer = nil
        queues[name]?.wasOurs = false
        queues[name]?.due = nil
    }

    /// The broker has ended these consumers.
    mutating func haveEnded(_ consumers: Set<String>) {
        for (name, queue) in queues where queue.consumer.map(consumers.contains) == true { hasEnded(name) }
    }
}
