import CRabbitMQ

extension AMQPConnection {
    func declareExchange(
        _ name: String,
        type: String,
        isDurable: Bool,
        isAutoDelete: Bool,
        arguments: AMQPArguments
    ) throws(AMQPError) {
        let channel = Self.declarations
        try call(on: channel) { arena in
            let (name, type) = (arena.bytes(name), arena.bytes(type))
            let table = arena.table(arguments)
            return amqp_exchange_declare(
                handle,
                channel,
                name,
                type,
                0,
                isDurable ? 1 : 0,
                isAutoDelete ? 1 : 0,
                0,
                table
            )
        }
        release(channel)
    }

    func checkExchange(_ name: String) throws(AMQPError) {
        let channel = Self.declarations
        try call(on: channel) { arena in
            // The type is not looked at in a passive declaration.
            let (name, type) = (arena.bytes(name), arena.bytes("topic"))
            return amqp_exchange_declare(handle, channel, name, type, 1, 0, 0, 0, amqp_empty_table)
        }
        release(channel)
    }

    func declareQueue(_ queue: AMQPQueue) throws(AMQPError) -> AMQPQueueState {
        let channel = Self.declarations
        let answer = try call(on: channel) { arena in
            let name = arena.bytes(queue.name)
            let table = arena.table(queue.arguments)
            return amqp_queue_declare(
                handle,
                channel,
                name,
                0,
                queue.isDurable ? 1 : 0,
                queue.isExclusive ? 1 : 0,
                queue.isAutoDelete ? 1 : 0,
                table
            )
        }
        defer { release(channel) }
        return AMQPQueueState(answer)
    }

    func checkQueue(_ name: String) throws(AMQPError) -> AMQPQueueState {
        try checkQueue(name, on: Self.declarations)
    }

    /// The same on the channel of messages: answered when the broker has dealt with what was acknowledged before.
    ///
    /// - Throws: also where the broker has closed that channel since the session began: what was acknowledged there may be lost.
    func settle(queue name: String) throws(AMQPError) -> AMQPQueueState {
        guard channelClosures == 0 else {
            throw AMQPError(.lost, "the broker has closed the channel", at: place, remedy: "look at the broker's log")
        }
        return try checkQueue(name, on: Self.messages)
    }

    private func checkQueue(_ name: String, on channel: amqp_channel_t) throws(AMQPError) -> AMQPQueueState {
        let answer = try call(on: channel) { arena in
            amqp_queue_declare(handle, channel, arena.bytes(name), 1, 0, 0, 0, amqp_empty_table)
        }
        defer { release(channel) }
        return AMQPQueueState(answer)
    }

    func deleteQueue(_ name: String) throws(AMQPError) {
        let channel = Self.declarations
        try call(on: channel) { arena in amqp_queue_delete(handle, channel, arena.bytes(name), 0, 0) }
        release(channel)
    }

    func bind(
        queue: String,
        to exchange: String,
        pattern: String,
        arguments: AMQPArguments
    ) throws(AMQPError) {
        let channel = Self.declarations
        try call(on: channel) { arena in
            let (queue, exchange, pattern) = (arena.bytes(queue), arena.bytes(exchange), arena.bytes(pattern))
            return amqp_queue_bind(handle, channel, queue, exchange, pattern, arena.table(arguments))
        }
        release(channel)
    }
}

extension AMQPQueueState {
    fileprivate init(_ answer: amqp_queue_declare_ok_t) {
        self.init(
            name: answer.queue.text,
            messages: Int(answer.message_count),
            consumers: Int(answer.consumer_count)
        )
    }
}
