/// A RabbitMQ on which OpenStack's services publish, and what Martlet is to do there.
struct OpenStackTarget: Sendable, Hashable {
    /// The nodes, at least one.
    var addresses: [HostPort]
    var virtualHost: String
    var usesTLS: Bool
    var exchanges: [String]
    /// The user that Martlet logs in as.
    var username: String
    var queue: String
    /// Whether the services have `amqp_durable_queues` or `rabbit_quorum_queue`; nil where it was not said.
    var isDurable: Bool?
    /// Whether Martlet may make exchanges that are missing.
    var declares: Bool
    /// Whether Martlet empties the publishers' own queues.
    var drains: Bool

    /// The topics whose queues publishers make, as Martlet's format has them by default.
    static let topics = ["notifications", "versioned_notifications", "ironic_versioned_notifications"]
    static let priorities = ["audit", "critical", "debug", "error", "info", "sample", "warn"]

    /// The names of the publishers' own queues.
    static let defaultQueues = topics.flatMap { topic in priorities.map { "\(topic).\($0)" } }

    /// oslo.messaging's `transport_url`, with words in capitals for the credentials.
    func transportURL(user: String, password: String) -> String {
        let hosts = addresses.map { "\(user):\(password)@\($0)" }.joined(separator: ",")
        let path = virtualHost == "/" ? "" : virtualHost.percentEncoded
        return "rabbit://\(hosts)/\(path)\(usesTLS ? "?ssl=1" : "")"
    }

    /// What Martlet's user may configure, write and read, as regular expressions.
    var permissions: (configure: String, write: String, read: String) {
        let names = [queue] + exchanges
        let own = Self.pattern([queue.escapedForPattern])
        var readable = names.map(\.escapedForPattern)
        if drains {
            readable.append("(\(Self.topics.joined(separator: "|")))\\.[a-z]+")
        }
        return (declares ? Self.pattern(names.map(\.escapedForPattern)) : own, own, Self.pattern(readable))
    }

    private static func pattern(_ names: [String]) -> String {
        names.count == 1 ? "^\(names[0])$" : "^(\(names.joined(separator: "|")))$"
    }
}
