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
                "The exchanges that events are published to; cloudstack-events where the format is not oslo and nothing else is said. One that is missing is waited for."
            ),
            FieldDescription(
                "bindings",
                .strings,
                "The patterns of routing keys that are wanted of each; # where nothing else is said."
            ),
            FieldDescription(
                "topics",
                .strings,
                "For OpenStack: the topics of notifications, without priorities; for the format oslo notifications, versioned_notifications and ironic_versioned_notifications where nothing else is said."
            ),
            FieldDescription(
                "priorities",
                .strings,
                "For OpenStack: the priorities that are wanted of each topic; all of audit, debug, info, warn, error, critical, sample where nothing else is said."
            ),
            FieldDescription(
                "durable-exchanges",
                .boolean,
                "For OpenStack: whether the services have amqp_durable_queues or rabbit_quorum_queue. Once it is said, Martlet makes exchanges that are missing; else only those that it has seen and that a restart of the broker took away."
            ),
            FieldDescription(
                "drain-default-queues",
                .boolean,
                "For OpenStack: whether the queues that publishers make by themselves, such as notifications.info, are emptied too; they are not where nothing else is said. One that has another consumer is left alone."
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
