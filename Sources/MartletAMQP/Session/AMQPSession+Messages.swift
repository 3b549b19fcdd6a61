// Everything here runs on the channel for messages, in the order in which it is called.

extension AMQPSession {
    /// Bounds how many messages each consumer that begins after this holds unacknowledged.
    package func limitPrefetch(to count: UInt16) async throws(AMQPError) {
        try await perform { connection throws(AMQPError) in try connection.limitPrefetch(to: count) }
    }

    /// Begins to consume a queue; each message waits for its acknowledgement.
    ///
    /// - Parameters:
    ///   - isExclusive: refuses the queue to other consumers.
    ///   - deliver: called on the session's thread with what has come, in order; it must not wait.
    /// - Returns: the consumer's tag.
    @discardableResult
    package func consume(
        _ queue: String,
        isExclusive: Bool = false,
        arguments: AMQPArguments = [:],
        deliver: @escaping @Sendable ([AMQPDelivery]) -> Void
    ) async throws(AMQPError) -> String {
        try await perform { connection throws(AMQPError) in
            try connection.consume(queue, isExclusive: isExclusive, arguments: arguments, deliver: deliver)
        }
    }

    /// Ends a consumer. What it was delivered stays unacknowledged.
    ///
    /// - Parameter isEmptying: whether what the broker has sent before it knew is delivered still. It is nobody else's, and
    ///   acknowledging a later delivery with those before it would acknowledge it unseen. Else nothing more is delivered
    ///   after the return.
    package func cancelConsumer(_ tag: String, isEmptying: Bool = false) async throws(AMQPError) {
        try await perform { connection throws(AMQPError) in
            try connection.cancelConsumer(tag, isEmptying: isEmptying)
        }
    }

    /// Acknowledges a delivery, and all before it where `including` says so; does not wait.
    ///
    /// A session that has ended ignores it: the broker delivers the messages again.
    package func acknowledge(_ tag: UInt64, includingEarlier: Bool = true) {
        inbox.submit { connection in connection?.acknowledge(tag, includingEarlier: includingEarlier) }
    }

    /// Reads nothing more from the broker until ``resumeReading()``, but for what answers a call; for seconds at the most,
    /// because heartbeats are not read either. May be called where deliveries are taken.
    package func holdReading() { state.isReadingHeld = true }

    /// Reads on.
    package func resumeReading() {
        state.isReadingHeld = false
        inbox.submit { _ in }
    }

    /// Returns when the broker has dealt with everything that was acknowledged before, and says how the queue is.
    package func settle(queue: String) async throws(AMQPError) -> AMQPQueueState {
        try await perform { connection throws(AMQPError) in try connection.settle(queue: queue) }
    }

    /// A thread that writes answers so long after its time at the latest.
    private static let writePatience = Duration.seconds(5)

    /// Publishes messages one behind the other and waits for the broker's confirmations.
    ///
    /// Several callers may publish at once: nobody waits for another's confirmations. The first call has the broker confirm.
    ///
    /// - Parameter timeout: after so long, what is not confirmed is ``AMQPOutcome/lost(_:)`` or ``AMQPOutcome/unsent(_:)``;
    ///   with the code ``AMQPError/Code/blocked`` while the broker takes no messages. Nothing is written to a broker that has said
    ///   that it takes none, and what it does not confirm within a second after that is given up. Where the broker says
    ///   nothing and reads nothing either, the connection is cut.
    /// - Returns: an outcome for each, in order.
    package func publish(
        _ publications: [AMQPPublication],
        timeout: Duration = .seconds(30)
    ) async -> [AMQPOutcome] {
        guard !publications.isEmpty else { return [] }
        return await cutting(after: timeout + Self.writePatience, because: .unread(at: place)) {
            await withCheckedContinuation { continuation in
                let deadline = ContinuousClock.now + timeout
                inbox.submit { [state, place] connection in
                    let group = PublicationGroup(publications, deadline: deadline) {
                        continuation.resume(returning: $0)
                    }
                    if let connection {
                        connection.publish(group)
                    } else {
                        group.concludeAll(state.failure ?? .closed(at: place))
                    }
                }
            }
        }
    }
}

extension AMQPSession {
    /// Runs a body on the session's thread.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (AMQPConnection) throws(AMQPError) -> Value
    ) async throws(AMQPError) -> Value {
        let result: Result<Value, AMQPError> = await withCheckedContinuation { continuation in
            inbox.submit { [state, place] connection in
                guard let connection else {
                    return continuation.resume(returning: .failure(state.failure ?? .closed(at: place)))
                }
                do throws(AMQPError) {
                    continuation.resume(returning: .success(try body(connection)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
