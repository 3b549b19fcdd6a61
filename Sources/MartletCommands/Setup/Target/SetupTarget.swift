/// The ways in which CloudStack can hand its events over.
enum SetupTarget: Sendable, Hashable {
    case kafka(KafkaTarget)
    case rabbitMQ(RabbitMQTarget)
    case webhook(WebhookTarget)
}

/// A topic of a Kafka cluster that CloudStack writes to.
struct KafkaTarget: Sendable, Hashable {
    var bootstrap: [HostPort]
    var topic: String
    /// What the producer needs besides, such as TLS and SASL, as it stands in the user's file.
    var properties = ProducerProperties()
    /// The file that they are from.
    var propertiesFile: String?
}

/// An exchange of a RabbitMQ broker that CloudStack publishes to.
struct RabbitMQTarget: Sendable, Hashable {
    var address: HostPort
    var virtualHost: String
    var exchange: String
    var username: String
    var password: String
    var usesTLS: Bool
}

/// Where CloudStack posts its actions to.
struct WebhookTarget: Sendable, Hashable {
    var url: String
    /// What signs each delivery.
    var secret: String
    /// The file that has the secret already; nil where one is to be written.
    var secretFile: String?
    /// The webhook's name in CloudStack.
    var name: String
}
