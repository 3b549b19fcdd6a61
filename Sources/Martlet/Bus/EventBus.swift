/// Publish, subscribe, unsubscribe: for programs that embed Martlet.
///
/// All three may be called at any time and concurrently. What every bus promises (`EventBusConformance` in
/// `MartletTesting` tests each clause):
///
/// - A subscription gets every event published after `subscribe` returned whose topic matches one of its patterns, once
///   for each publishing, however many patterns match. Patterns compare case-sensitively. A bus over a broker that
///   delivers at least once may repeat one.
/// - The events that one publisher publishes, each after the call before has returned, arrive in that order, and so do
///   those of one resource. Between publishers there is no order.
/// - A subscription that does not keep up harms itself only, in the way that its ``SubscriptionOptions/overflow``
///   chooses: it fails, or it loses its oldest events and counts them, or it makes `publish` wait.
/// - `publish` returns when the bus has taken the event over; it does not wait for readers, but for subscribers who chose
///   to slow publishers. Cancelled while it waits for one of these it throws `CancellationError`: that subscriber does
///   not get the event, others may have.
/// - After `unsubscribe` returned nothing more is delivered: what was pending is discarded, the sequence ends without an
///   error, and a publisher that waited for it goes on.
/// - A subscription that has failed still has to be unsubscribed.
public protocol EventBus: Sendable {
    /// Hands an event to everyone who wants its topic.
    ///
    /// - Throws: `CancellationError` as described above; ``EventBusError`` where the bus cannot take the event over.
    func publish(_ event: Event) async throws

    /// Makes a subscription; it is in force when the call returns. See ``withSubscription(to:options:_:)``.
    ///
    /// - Throws: ``EventBusError`` with ``EventBusError/Code/noPatterns`` or ``EventBusError/Code/invalidOptions``.
    func subscribe(to patterns: [TopicPattern], options: SubscriptionOptions) async throws -> EventSubscription

    /// Ends a subscription, in a cancelled task too.
    ///
    /// - Throws: ``EventBusError`` with ``EventBusError/Code/unknownSubscription`` where it has ended before or never was.
    func unsubscribe(_ id: EventSubscription.ID) async throws
}

extension EventBus {
    /// Makes a subscription with the default options.
    public func subscribe(to patterns: [TopicPattern]) async throws -> EventSubscription {
        try await subscribe(to: patterns, options: SubscriptionOptions())
    }

    /// Subscribes for the time that `body` runs, and unsubscribes however it ends.
    ///
    /// ```swift
    /// try await bus.withSubscription(to: [TopicPattern("*.*.*.VirtualMachine.#")]) { events in
    ///     for try await event in events { print(event.id) }
    /// }
    /// ```
    public func withSubscription<Result>(
        to patterns: [TopicPattern],
        options: SubscriptionOptions = SubscriptionOptions(),
        _ body: (EventSubscription) async throws -> Result
    ) async throws -> Result {
        let subscription = try await subscribe(to: patterns, options: options)
        let result: Result
        do {
            result = try await body(subscription)
        } catch let cause {
            do {
                try await endSubscription(subscription.id)
            } catch {
                // The caller has to see why the body failed; the bus is then left to clear up by itself.
                throw cause
            }
            throw cause
        }
        try await endSubscription(subscription.id)
        return result
    }

    /// Unsubscribes; a body that did so itself is content too.
    private func endSubscription(_ id: EventSubscription.ID) async throws {
        do {
            try await unsubscribe(id)
        } catch let error as EventBusError where error.code == .unknownSubscription {
            return
        }
    }
}
