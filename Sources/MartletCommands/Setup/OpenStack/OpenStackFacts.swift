/// What was seen of a broker that OpenStack's services publish on.
struct OpenStackFacts: Sendable, Hashable {
    struct Queue: Sendable, Hashable {
        var name: String
        var messages: Int
        var consumers: Int
    }

    var product: String
    var version: String
    /// Those of the exchanges asked for that are there.
    var exchanges: Set<String>
    /// Martlet's own; nil where there is none.
    var queue: Queue?
    /// Those of the publishers' own that are there.
    var defaultQueues: [Queue]
}
