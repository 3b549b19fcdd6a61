import Logging
import Martlet
package import MartletPipeline

/// Writes a line of Martlet's own log for each event.
package struct LogSink: SinkType {
    package static let description = ComponentDescription(
        kind: .sink,
        name: "log",
        summary: "Writes a line of Martlet's own log for each event.",
        fields: [
            FieldDescription(
                "level",
                .choice(Logger.Level.allCases.map(\.rawValue)),
                default: "info",
                "The level of the lines. Lines below the log's own level are not written, and count as delivered."
            )
        ],
        example: """
            forwarders:
              trace:
                match: ["#"]
                log: { level: info }
            """
    )

    package let delivery = SinkDelivery(mode: .atomic, maximumEvents: 100)
    private let level: Logger.Level
    private let logger: Logger

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        let name = settings.string("level") ?? "info"
        guard let level = Logger.Level(rawValue: name) else {
            let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ComponentError(field: "level", "“\(name)” is none of \(known)")
        }
        self.level = level
        logger = context.logger
    }

    package func send(_ batch: OutgoingBatch) async -> BatchOutcome {
        if Task.isCancelled { return .whole(.unavailable("Stopped before the events were logged.")) }
        for outgoing in batch.events {
            let event = outgoing.event
            var metadata: Logger.Metadata = ["type": "\(event.type.onOneLine())"]
            metadata["position"] = event.position.map { "\($0)" }
            metadata["resource"] = event.resource.map { "\($0.description.onOneLine())" }
            metadata["outcome"] = event.fields.outcome.map { "\($0.rawValue)" }
            logger.log(level: level, "An event.", metadata: metadata)
        }
        return .whole(.delivered)
    }

    package func close() async {}
}
