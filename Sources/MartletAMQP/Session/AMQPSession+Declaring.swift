// Everything here runs on the channel for declarations: a refusal disturbs nobody.

extension AMQPSession {
    /// Makes sure that an exchange of this type is there.
    ///
    /// - Throws: ``AMQPError/Code/inequivalent`` where there is one of another type.
    package func declareExchange(
        _ name: String,
        type: String = "topic",
        isDurable: Bool = true,
        isAutoDelete: Bool = false,
        arguments: AMQPArguments = [:]
    ) async throws(AMQPError) {
        try await perform { connection throws(AMQPError) in
            try connection.declareExchange(
                name,
                type: type,
                isDurable: isDurable,
                isAutoDelete: isAutoDelete,
                arguments: arguments
            )
        }
    }

    /// Returns where an exchange of this name is there; needs no permission.
    ///
    /// - Throws: ``AMQPError/Code/missing``.
    package func checkExchange(_ name: String) async throws(AMQPError) {
        try await perform { connection throws(AMQPError) in try connection.checkExchange(name) }
    }

    /// Makes sure that a queue with these arguments is there.
    ///
    /// - Throws: ``AMQPError/Code/inequivalent`` where there is one with others.
    @discardableResult
    package func declareQueue(_ queue: AMQPQueue) async throws(AMQPError) -> AMQPQueueState {
        try await perform { connection throws(AMQPError) in try connection.declareQueue(queue) }
    }

    /// What the broker says of a queue that is there; needs no permission.
    ///
    /// - Throws: ``AMQPError/Code/missing``.
    package func queueState(_ name: String) async throws(AMQPError) -> AMQPQueueState {
        try await perform { connection throws(AMQPError) in try connection.checkQueue(name) }
    }

    /// Deletes a queue, in use or not; one that is not there is none the worse.
    package func deleteQueue(_ name: String) async throws(AMQPError) {
        try await perform { connection throws(AMQPError) in try connection.deleteQueue(name) }
    }

    /// Binds a queue to an exchange by a pattern of routing keys; again does nothing.
    package func bind(
        queue: String,
        to exchange: String,
        pattern: String,
        arguments: AMQPArguments = [:]
    ) async throws(AMQPError) {
        try await perform { connection throws(AMQPError) in
            try connection.bind(queue: queue, to: exchange, pattern: pattern, arguments: arguments)
        }
    }
}
