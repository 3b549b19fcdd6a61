import Logging
package import MartletPipeline

/// Reads events from standard input, one JSON text a line, until its end.
///
/// A pipe cannot be read twice: what was read and not yet committed when the program is stopped is not read again.
package final class StdinSource: SourceType {
    package static let description = ComponentDescription(
        kind: .source,
        name: "stdin",
        summary: "Reads events from standard input, one JSON text a line, until its end.",
        fields: [],
        example: """
            sources:
              piped:
                cloud: prod
                stdin: {}
                format: cloudstack
            """
    )

    private let descriptor: Int32
    private let intake: LineIntake

    package convenience init(
        settings: ComponentSettings,
        port: SourcePort,
        store: any EventStore,
        context: ComponentContext
    ) throws {
        self.init(descriptor: 0, port: port, context: context)
    }

    /// Reads another descriptor, which stays open.
    init(descriptor: Int32, port: SourcePort, context: ComponentContext) {
        self.descriptor = descriptor
        intake = LineIntake(port: port, time: context.time, logger: context.logger)
    }

    package func run() async throws {
        intake.port.monitor.isRunning(at: "standard input")
        let reader = try DescriptorReader(descriptor: descriptor)
        var cutter = LineCutter(maximumLength: LineBatch.maximumLineLength)
        do {
            while let bytes = try await reader.read() {
                let isAtEnd = bytes.isEmpty
                cutter.append(bytes)
                var lines = LineBatch()
                while let line = cutter.next() ?? (isAtEnd ? cutter.finish() : nil) {
                    lines.add(line)
                    guard lines.isFull else { continue }
                    try await intake.commit(lines)
                    lines = LineBatch()
                }
                if !lines.isEmpty { try await intake.commit(lines) }
                if isAtEnd { return }
            }
        } catch is CancellationError {
            return
        }
    }
}
