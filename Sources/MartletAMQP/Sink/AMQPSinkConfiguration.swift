import MartletPipeline

/// The settings of a sink to AMQP, checked.
struct AMQPSinkConfiguration: Sendable {
    enum Key: Sendable, Hashable {
        case topic
        /// The key that the event came with.
        case original
        case fixed(String)
    }

    /// What becomes of a message that no queue takes.
    enum Unroutable: String, Sendable, CaseIterable {
        case drop
        case deadLetter = "dead-letter"
        case retry
    }

    enum CloudEvents: String, Sendable, CaseIterable {
        case structured, binary
    }

    var broker: AMQPSettings
    var exchange: String
    var key: Key
    var declaresExchange: Bool
    var isPersistent: Bool
    var unroutable: Unroutable
    var cloudEvents: CloudEvents
    var maximumEvents: Int
    var timeout: Duration

    /// What `routing-key` may say instead of a key.
    static let wordsForKey = ["topic", "original"]

    init(_ settings: ComponentSettings) throws(ComponentError) {
        broker = try AMQPSettings(settings)
        guard let exchange = settings.string("exchange") else { throw ComponentError(field: "exchange", "is missing") }
        guard exchange.utf8.count <= RoutingKey.maximumBytes else {
            throw ComponentError(field: "exchange", "is longer than the 255 bytes that AMQP allows")
        }
        self.exchange = exchange
        switch settings.string("routing-key") ?? "topic" {
        case "topic": key = .topic
        case "original": key = .original
        case let text:
            guard text.utf8.count <= RoutingKey.maximumBytes else {
                throw ComponentError(field: "routing-key", "is longer than the 255 bytes that AMQP allows")
            }
            key = .fixed(text)
        }
        declaresExchange = settings.boolean("declare-exchange") ?? false
        guard !declaresExchange || !exchange.isEmpty else {
            throw ComponentError(
                field: "declare-exchange",
                "cannot be with an empty exchange, which is the broker's own: leave it out, or name an exchange"
            )
        }
        isPersistent = settings.boolean("persistent") ?? true
        unroutable = settings.string("unroutable").flatMap(Unroutable.init) ?? .drop
        cloudEvents = settings.string("cloudevents").flatMap(CloudEvents.init) ?? .structured
        maximumEvents = settings.integer("batch") ?? 2_000
        timeout = settings.duration("timeout") ?? .seconds(30)
        guard timeout >= .seconds(1), timeout <= .seconds(300) else {
            throw ComponentError(field: "timeout", "has to be from 1s to 5m")
        }
    }
}
