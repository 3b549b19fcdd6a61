import Logging
package import MartletPipeline

/// Reads events from topics of Kafka, as a consumer group.
///
/// How far each partition has been read is part of each commit, so that a restart goes on exactly there; the group is told
/// afterwards.
package final class KafkaSource: SourceType {
    package static let description = ComponentDescription(
        kind: .source,
        name: "kafka",
        summary: "Reads events from topics of Kafka, as a consumer group.",
        fields: [
            FieldDescription(
                "topics",
                .strings,
                "The topics, where the file names no `topic`; one that begins with `^` is a regular expression."
            ),
            FieldDescription(
                "group",
                .string,
                "The consumer group, of this source alone; `martlet-` and the source's name where nothing else is said."
            ),
            FieldDescription(
                "start",
                .choice(ReadingPlan.Start.allCases.map(\.rawValue)),
                default: ReadingPlan.Start.earliest.rawValue,
                "Where a topic begins of which neither the store nor the group knows anything."
            ),
        ] + KafkaSettings.fields,
        example: """
            sources:
              prod-kafka:
                cloud: prod
                kafka: { properties-file: /etc/cloudstack/management/kafka.producer.properties }
                format: cloudstack
            """
    )

    private let kafka: KafkaSettings
    private let group: String
    private let plan: ReadingPlan
    private let port: SourcePort
    private let store: any EventStore
    private let time: any TimeSource
    private let logger: Logger

    package convenience init(
        settings: ComponentSettings,
        port: SourcePort,
        store: any EventStore,
        context: ComponentContext
    ) throws {
        let kafka = try KafkaSettings(settings, for: .consumer)
        let plan = ReadingPlan(
            topics: try Self.topics(settings, kafka),
            start: settings.string("start").flatMap(ReadingPlan.Start.init) ?? .earliest
        )
        let group = settings.string("group") ?? kafka.group ?? "martlet-\(port.name)"
        self.init(kafka, group: group, plan: plan, port: port, store: store, context: context)
    }

    /// Reads topics from their beginning to have a look at them: joins no group, and leaves no trace at the brokers.
    package convenience init(
        previewing topics: [String],
        settings: KafkaSettings,
        port: SourcePort,
        store: any EventStore,
        context: ComponentContext
    ) {
        let plan = ReadingPlan(topics: topics, isPreview: true)
        self.init(settings, group: "martlet-preview", plan: plan, port: port, store: store, context: context)
    }

    private init(
        _ kafka: KafkaSettings,
        group: String,
        plan: ReadingPlan,
        port: SourcePort,
        store: any EventStore,
        context: ComponentContext
    ) {
        self.kafka = kafka
        self.group = group
        self.plan = plan
        self.port = port
        self.store = store
        time = context.time
        logger = context.logger
    }

    package static func check(_ settings: ComponentSettings) throws -> [ComponentWarning] {
        let kafka = try KafkaSettings(settings, for: .consumer)
        _ = try topics(settings, kafka)
        return kafka.warnings
    }

    /// Reads until the task is cancelled, with another consumer where one cannot go on.
    package func run() async throws {
        let health = SourceHealth(monitor: port.monitor, place: kafka.place)
        let committer = BatchCommitter(port: port, time: time, logger: logger, health: health)
        var properties = kafka.consumerProperties
        properties["group.id"] = group
        // New topics and partitions are found within this time.
        properties["topic.metadata.refresh.interval.ms"] = properties["topic.metadata.refresh.interval.ms"] ?? "30000"
        do {
            while !Task.isCancelled {
                do {
                    let consumer = try await KafkaConsumer.open(
                        properties: properties,
                        place: kafka.place,
                        logger: logger
                    )
                    try await read(from: consumer, committer)
                } catch let error as KafkaError {
                    health.fails(.client, error)
                    logger.warning(
                        "A source's client has ended; another one is made.",
                        metadata: ["source": "\(port.name)", "error": "\(error)"]
                    )
                    try await time.sleep(for: Self.delay)
                }
            }
        } catch is CancellationError {
            return
        }
    }

    /// How long it waits before it makes another client.
    private static let delay = Duration.seconds(5)

    private func read(from consumer: KafkaConsumer, _ committer: BatchCommitter) async throws {
        let reader = KafkaReader(consumer: consumer, plan: plan, store: store, committer: committer)
        committer.health.recovers(.client)
        do {
            try await reader.run()
        } catch {
            await reader.conclude()
            await consumer.close()
            throw error
        }
        await reader.conclude()
        await consumer.close()
    }

    private static func topics(_ settings: ComponentSettings, _ kafka: KafkaSettings) throws(ComponentError) -> [String]
    {
        let named = settings.strings("topics")
        let topics = named.isEmpty ? kafka.topicOfFile.map { [$0] } ?? [] : named
        guard !topics.isEmpty else {
            throw ComponentError(field: "topics", "names no topic, nor does the properties file: write it as [cs]")
        }
        for topic in topics where !isName(topic) {
            throw ComponentError(
                field: "topics",
                "“\(topic)” is no topic's name: letters, digits, full stops, hyphens and underscores, or ^ before an expression"
            )
        }
        return topics
    }

    private static func isName(_ text: String) -> Bool {
        if text.hasPrefix("^") { return text.utf8.count > 1 && !text.utf8.contains(0) }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isPlain && (1...249).contains(text.utf8.count) && text != "." && text != ".."
    }
}
