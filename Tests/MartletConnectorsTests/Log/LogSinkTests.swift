import Logging
import Martlet
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

@testable import MartletConnectors

@Suite struct LogSinkTests {
    private func sink(_ lines: RecordedLines, level: String = "info") throws -> LogSink {
        var logger = Logger(label: "test", factory: { _ in RecordingHandler(lines: lines) })
        logger.logLevel = .trace
        return try LogSink(settings: ComponentSettings(["level": .string(level)]), context: .sample(logger: logger))
    }

    @Test(arguments: SinkConformance.Clause.all)
    func `the log is a sink`(_ clause: SinkConformance.Clause) async throws {
        let conformance = SinkConformance { body in
            let lines = RecordedLines()
            let destination = SinkConformance.Destination(received: {
                lines.all.compactMap { $0.metadata["resource"]?.split(separator: "/").last.map(String.init) }
            })
            try await body(sink(lines), destination)
        }
        try await conformance.run(clause)
    }

    @Test func `a line says where and what, and a line break in an event forges none`() async throws {
        let lines = RecordedLines()
        var outgoing = OutgoingEvent.sample("a")
        outgoing.event = outgoing.event.with { fields in
            fields.type = "org.example\nlevel=error"
            fields.outcome = .failure
        }
        let sink = try sink(lines, level: "warning")
        #expect(await sink.send(OutgoingBatch(id: "1", events: [outgoing])) == .whole(.delivered))
        let line = try #require(lines.all.first)
        #expect(line.level == .warning)
        #expect(
            line.metadata == [
                "position": "1", "type": "org.example level=error", "resource": "VirtualMachine/a",
                "outcome": "failure",
            ]
        )
    }

    @Test func `a level that there is not is refused`() {
        #expect(throws: ComponentError.self) { _ = try sink(RecordedLines(), level: "loud") }
    }
}

/// What was logged.
private final class RecordedLines: Sendable {
    struct Line: Sendable {
        var level: Logger.Level
        var metadata: [String: String]
    }

    private let lines = Mutex<[Line]>([])

    var all: [Line] { lines.withLock { $0 } }

    func append(_ line: Line) { lines.withLock { $0.append(line) } }
}

private struct RecordingHandler: LogHandler {
    let lines: RecordedLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(lines: RecordedLines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.append(.init(level: event.level, metadata: (event.metadata ?? [:]).mapValues { "\($0)" }))
    }
}
