/// What was seen of a RabbitMQ broker and of the exchange that CloudStack publishes to.
struct RabbitMQFacts: Sendable, Hashable {
    /// How the exchange compares with the one that CloudStack declares: durable, of type topic.
    enum Exchange: Sendable, Hashable {
        case missing
        case asDeclared
        /// There is one, and it is another one; the broker's words.
        case different(String)
        /// There is one, and this user may not compare; the broker's words.
        case notComparable(String)
    }

    /// Martlet's queue, where there is one.
    struct Queue: Sendable, Hashable {
        var name: String
        var messages: Int
        var consumers: Int
    }

    var product: String
    var version: String
    var exchange: Exchange
    /// nil where there is no queue of that name.
    var queue: Queue?
}
