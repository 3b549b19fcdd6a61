/// A queue to declare.
package struct AMQPQueue: Sendable, Hashable {
    /// Empty for one that the broker names.
    package var name: String
    /// Whether it outlives the broker's restart.
    package var isDurable: Bool
    /// Whether it belongs to this connection alone and goes with it.
    package var isExclusive: Bool
    /// Whether it goes with its last consumer.
    package var isAutoDelete: Bool
    package var arguments: AMQPArguments

    package init(
        name: String,
        isDurable: Bool = true,
        isExclusive: Bool = false,
        isAutoDelete: Bool = false,
        arguments: AMQPArguments = [:]
    ) {
        self.name = name
        self.isDurable = isDurable
        self.isExclusive = isExclusive
        self.isAutoDelete = isAutoDelete
        self.arguments = arguments
    }
}

extension AMQPQueue {
    /// A name that nobody else has. It begins with `martlet`, unlike those that the broker gives, so that a user who may make
    /// queues of Martlet's own may make this one.
    static func temporaryName(_ purpose: String) -> String {
        "martlet-\(purpose)-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}

/// What the broker says of a queue.
package struct AMQPQueueState: Sendable, Hashable {
    /// The name that the broker gave, where none was asked for.
    package var name: String
    /// Messages that wait; not those that are delivered and unacknowledged.
    package var messages: Int
    package var consumers: Int
}
