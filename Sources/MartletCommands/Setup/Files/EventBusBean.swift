/// One event bus of CloudStack's, as Spring is told of it.
struct EventBusBean: Sendable, Hashable {
    struct Property: Sendable, Hashable {
        var name: String
        var value: String
    }

    var identifier: String
    var className: String
    var properties: [Property]
    var holdsSecrets = false

    /// The name that CloudStack up to 4.19 asks for. Later versions take every bus, whatever its name.
    static let usualIdentifier = "eventNotificationBus"

    /// The bus that publishes to an exchange. The class has been the same since 4.1.
    static func rabbitMQ(_ target: RabbitMQTarget, identifier: String = usualIdentifier) -> EventBusBean {
        var properties = [
            Property(name: "name", value: identifier),
            Property(name: "server", value: target.address.host),
            Property(name: "port", value: "\(target.address.port)"),
            Property(name: "virtualHost", value: target.virtualHost),
            Property(name: "username", value: target.username),
            Property(name: "password", value: target.password),
            Property(name: "exchange", value: target.exchange),
        ]
        if target.usesTLS {
            properties.append(Property(name: "useSsl", value: "true"))
            properties.append(Property(name: "secureProtocol", value: "TLSv1.2"))
        }
        return EventBusBean(
            identifier: identifier,
            className: "org.apache.cloudstack.mom.rabbitmq.RabbitMQEventBus",
            properties: properties,
            holdsSecrets: true
        )
    }

    /// The bus that writes to a topic; all that it is told is in ``KafkaProducerFile``.
    static func kafka(identifier: String = usualIdentifier) -> EventBusBean {
        EventBusBean(
            identifier: identifier,
            className: "org.apache.cloudstack.mom.kafka.KafkaEventBus",
            properties: [Property(name: "name", value: identifier)]
        )
    }

    /// A value with a character that XML cannot hold, however it is written (XML 1.0, section 2.2); nil where there is none.
    var unwritableProperty: Property? {
        properties.first { property in
            property.value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0xfffe || $0.value == 0xffff }
        }
    }

    /// A value that Spring would evaluate instead of passing it on; nil where there is none.
    var evaluatedProperty: Property? {
        properties.first { $0.value.contains("${") || $0.value.contains("#{") }
    }
}
