import Martlet
package import MartletPipeline
import Synchronization

/// Publishes events to an exchange of a RabbitMQ, or another broker of AMQP 0-9-1, and waits for its confirmations.
///
/// The message and the meaning of the answers are values of their own, ``AMQPSinkRequest`` and ``AMQPSinkResponse``.
package final class AMQPSink: SinkType {
    package static let description = ComponentDescription(
        kind: .sink,
        name: "amqp",
        summary: "Publishes events to an exchange of RabbitMQ, or another broker that speaks AMQP 0-9-1.",
        fields: AMQPSettings.fields + ownFields,
        example: """
            forwarders:
              cmdb:
                amqp:
                  url: amqp://martlet:secret@mq.example:5672/
                  exchange: martlet
                  declare-exchange: true
            """
    )

    private static let ownFields = [
        FieldDescription(
            "exchange",
            .string,
            isRequired: true,
            """
            Where to publish. Empty for the broker's default exchange, whose routing keys are the names of queues.
            """
        ),
        FieldDescription(
            "declare-exchange",
            .boolean,
            default: "false",
            """
            Whether the exchange is made where it is missing, as a durable topic exchange; that needs the permission to \
            configure it. Otherwise it has to be there.
            """
        ),
        FieldDescription(
            "routing-key",
            .string,
            default: "topic",
            """
            `topic` for the event's topic; `original` for the routing key that the event came with, or its topic where \
            it had none; anything else is itself the key of every message. A key of more than 255 bytes ends in `~` and \
            a hash.
            """
        ),
        FieldDescription(
            "cloudevents",
            .choice(AMQPSinkConfiguration.CloudEvents.allCases.map(\.rawValue)),
            default: "structured",
            """
            How a CloudEvent is carried: as one JSON text, or with its attributes in headers named `cloudEvents:…` and \
            `data` as the body. An original body stays as it came.
            """
        ),
        FieldDescription(
            "persistent",
            .boolean,
            default: "true",
            "Whether messages in durable queues outlive a restart of the broker."
        ),
        FieldDescription(
            "unroutable",
            .choice(AMQPSinkConfiguration.Unroutable.allCases.map(\.rawValue)),
            default: "drop",
            """
            What becomes of an event that no queue takes: it counts as delivered, since nobody has asked for it; it is a \
            dead letter; or it is tried again.
            """
        ),
        FieldDescription(
            "batch",
            .integer(1...10_000),
            default: "2000",
            "How many messages are published before their confirmations are waited for, at the most."
        ),
        FieldDescription(
            "timeout",
            .duration,
            default: "30s",
            "How long the broker may take to confirm a batch, `1s` to `5m`."
        ),
    ]

    package let delivery: SinkDelivery
    private let configuration: AMQPSinkConfiguration
    private let request: AMQPSinkRequest
    private let response: AMQPSinkResponse
    private let link: AMQPLink
    /// Whether messages go one by one, since one of a batch was refused and the broker does not say which.
    private let isCautious = Atomic(false)

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        let configuration = try AMQPSinkConfiguration(settings)
        self.configuration = configuration
        request = AMQPSinkRequest(configuration: configuration)
        response = AMQPSinkResponse(unroutable: configuration.unroutable, exchange: configuration.exchange)
        // One batch at a time: a refused message closes the channel for all that are on their way, and only one that is alone
        // can be told to be the culprit.
        delivery = SinkDelivery(mode: .prefix, maximumEvents: configuration.maximumEvents, maximumBytes: 4 << 20)
        let (exchange, isDeclared) = (configuration.exchange, configuration.declaresExchange)
        link = AMQPLink(configuration.broker, name: "sink \(context.name)") { session throws(AMQPError) in
            if exchange.isEmpty { return }
            if isDeclared {
                try await session.declareExchange(exchange)
            } else {
                try await session.checkExchange(exchange)
            }
        }
    }

    package static func check(
        _ settings: ComponentSettings,
        context: ComponentContext
    ) throws -> [ComponentWarning] {
        let configuration = try AMQPSinkConfiguration(settings)
        var warnings = configuration.broker.warnings
        // The default cannot be told from what was written.
        if context.body == .original, configuration.cloudEvents == .binary {
            warnings.append(ComponentWarning(field: "cloudevents", "does nothing, since the body is the original"))
        }
        if case .fixed(let key) = configuration.key,
            let nearest = Spelling.nearest(to: key, in: AMQPSinkConfiguration.wordsForKey)
        {
            warnings.append(
                ComponentWarning(
                    field: "routing-key",
                    "gives every event the key “\(key)”; did you mean “\(nearest)”, which takes it from the event?"
                )
            )
        }
        return warnings
    }

    package func send(_ batch: OutgoingBatch) async -> BatchOutcome {
        do throws(AMQPError) {
            let session = try await link.ready()
            let groups = isCautious.load(ordering: .relaxed) ? batch.events.map { [$0] } : [batch.events]
            var outcomes: [DeliveryOutcome] = []
            for group in groups {
                outcomes += await publish(group, on: session)
                guard outcomes.allSatisfy(\.isConcluded) else { break }
            }
            // Once a whole batch has gone through, the refused one was in it or is no more.
            if outcomes.allSatisfy(\.isConcluded) { isCautious.store(false, ordering: .relaxed) }
            return .each(outcomes)
        } catch {
            return .whole(.unavailable(error.sentence))
        }
    }

    /// Publishes events one behind the other. Cancelled, it cuts the connection: nothing else ends the wait for a broker that
    /// does not answer, and what is unconfirmed goes again in any case.
    private func publish(_ events: [OutgoingEvent], on session: AMQPSession) async -> [DeliveryOutcome] {
        guard !Task.isCancelled else { return [.unavailable("The forwarder stops.")] }
        let answers = await withTaskCancellationHandler {
            await session.publish(events.map(request.make), timeout: configuration.timeout)
        } onCancel: {
            session.abort()
        }
        if answers.contains(where: { $0.error != nil }) { await link.prepareAgain() }
        if answers.count > 1, answers.contains(where: { $0.error?.code == .precondition }) {
            isCautious.store(true, ordering: .relaxed)
        }
        return response.outcomes(of: answers)
    }

    package func close() async { await link.close() }
}

extension DeliveryOutcome {
    /// Whether the events behind it may be tried.
    fileprivate var isConcluded: Bool {
        switch self {
        case .delivered, .reject: true
        default: false
        }
    }
}

extension AMQPOutcome {
    fileprivate var error: AMQPError? {
        switch self {
        case .lost(let error), .unsent(let error): error
        case .confirmed, .nacked, .returned: nil
        }
    }
}
