import Martlet
package import MartletPipeline

/// Writes events to a topic of Kafka, and waits for its acknowledgements.
///
/// The record and the meaning of a failure are values of their own, ``KafkaSinkRequest`` and ``KafkaSinkResponse``.
package final class KafkaSink: SinkType {
    package static let description = ComponentDescription(
        kind: .sink,
        name: "kafka",
        summary: "Writes events to a topic of Kafka.",
        fields: ownFields + KafkaSettings.fields,
        example: """
            forwarders:
              billing:
                kafka:
                  topic: billing
                  properties:
                    bootstrap.servers: k1.example:9092,k2.example:9092
            """
    )

    private static let ownFields = [
        FieldDescription("topic", .string, isRequired: true, "The topic to write to."),
        FieldDescription(
            "cloudevents",
            .choice(KafkaSinkConfiguration.CloudEvents.allCases.map(\.rawValue)),
            default: "structured",
            """
            How a CloudEvent is carried: as one JSON text, or with its attributes in headers named `ce_…` and `data` as \
            the value. An original body stays as it came.
            """
        ),
        FieldDescription(
            "batch",
            .integer(1...10_000),
            default: "2000",
            "How many events are sent before their acknowledgements are waited for, at the most."
        ),
        FieldDescription(
            "timeout",
            .duration,
            "How long Kafka may take for an event, `1s` to `5m`, its own retries included; `30s` where nothing else is said."
        ),
    ]

    package let delivery: SinkDelivery
    private let topic: String
    private let request: KafkaSinkRequest
    private let producer: KafkaProducer

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        let configuration = try KafkaSinkConfiguration(settings)
        topic = configuration.topic
        request = KafkaSinkRequest(cloudEvents: configuration.cloudEvents)
        producer = KafkaProducer(configuration.kafka, logger: context.logger)
        // One batch at a time: where one fails, nothing of a later one may have gone before it.
        delivery = SinkDelivery(mode: .prefix, maximumEvents: configuration.maximumEvents, maximumBytes: 4 << 20)
    }

    package static func check(
        _ settings: ComponentSettings,
        context: ComponentContext
    ) throws -> [ComponentWarning] {
        try KafkaSinkConfiguration(settings).warnings(body: context.body)
    }

    package func send(_ batch: OutgoingBatch) async -> BatchOutcome {
        var outcomes: [DeliveryOutcome] = []
        var search = CulpritSearch(batch.events.count)
        while outcomes.count < batch.events.count {
            let records = batch.events[outcomes.count...].prefix(search.count).map(request.make)
            let fates = await producer.send(records, to: topic, isAlone: true)
            outcomes += fates.prefix { $0 == .delivered }.map { _ in .delivered }
            guard let failure = fates.firstFailure else {
                search.takeSuccess()
                continue
            }
            let outcome = KafkaSinkResponse.outcome(of: failure)
            guard case .reject = outcome else {
                outcomes.append(outcome)
                break
            }
            if search.takeRefusal(of: records.count) { outcomes.append(outcome) }
        }
        outcomes += Array(repeating: .untried, count: batch.events.count - outcomes.count)
        return .each(outcomes)
    }

    package func close() async { await producer.close() }
}

extension [RecordFate] {
    /// Why the first record that failed did.
    fileprivate var firstFailure: KafkaError? {
        for case .failed(let error) in self { return error }
        return nil
    }
}
