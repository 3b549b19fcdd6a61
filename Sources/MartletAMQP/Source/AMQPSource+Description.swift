package import MartletPipeline

extension AMQPSource {
    package static let description = ComponentDescription(
        kind: .source,
        name: "amqp",
        summary: "Receives events from RabbitMQ over AMQP 0-9-1, through a durable queue of its own.",
        fields: AMQPSettings.fields + [
            FieldDescription(
                "exchanges",
                .strings,
                default: "cloudstack-events",
                "The exchanges that events are published to. Martlet declares none; one that is missing is waited for."
            ),
            FieldDescription(
                "bindings",
                .strings,
                default: "#",
                "The patterns of routing keys that are wanted of each."
            ),
            FieldDescription(
                "queue",
                .string,
                "Martlet's own queue; martlet-NAME, after the source, where nothing else is said."
            ),
            FieldDescription(
                "queue-type",
                .choice(AMQPSourceConfiguration.QueueType.allCases.map(\.rawValue)),
                default: "quorum",
                "The queue's type when it is made: quorum is replicated in a cluster. An existing queue is used as it is."
            ),
            FieldDescription(
                "queue-max-bytes",
                .bytes,
                default: "2GiB",
                "How much the queue keeps for a Martlet that is away; then the oldest messages go. 0 leaves it to the broker's policies."
            ),
            FieldDescription(
                "prefetch",
                .integer(1...65_535),
                default: "2000",
                "How many messages are with Martlet at once, not yet acknowledged."
            ),
        ],
        example: """
            sources:
              prod:
                amqp:
                  url: "amqp://martlet:${AMQP_PASSWORD}@mq1:5672/"
                  exchanges: [cloudstack-events]
                format: cloudstack
            """
    )
}
