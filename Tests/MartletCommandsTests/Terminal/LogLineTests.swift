import Logging
import Synchronization
import Testing

@testable import MartletCommands

@Suite struct LogLineTests {
    @Test func `what others have written cannot begin a line of the log, nor reach the terminal`() throws {
        let lines = Lines()
        var logger = Logger(label: "test") { _ in OneLineLogHandler(lines) }
        logger[metadataKey: "source"] = "a\n2026-01-30T00:00:00Z error : forged"
        logger.warning(
            "It failed: \u{1B}[2J\r\nforged",
            metadata: ["reason": "x\u{202E}\ny", "list": ["a\nb"], "table": ["k": "v\u{7}"]]
        )
        let line = try #require(lines.all.first)
        #expect(lines.all.count == 1)
        let isPlain = line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\u{202E}" }
        #expect(isPlain, "\(line.debugDescription)")
        for part in ["It failed", "forged", "reason", "list", "table"] { #expect(line.contains(part), "\(line)") }
    }

    /// Keeps what is logged.
    private final class Lines: LogHandler {
        private let kept = Mutex<[String]>([])
        private let values = Mutex<Logger.Metadata>([:])

        var all: [String] { kept.withLock { $0 } }

        func log(event: LogEvent) {
            let metadata = values.withLock { $0 }.merging(event.metadata ?? [:]) { $1 }
            kept.withLock { $0.append("\(event.message) \(metadata)") }
        }

        var metadata: Logger.Metadata {
            get { values.withLock { $0 } }
            set { values.withLock { $0 = newValue } }
        }
        var logLevel: Logger.Level {
            get { .trace }
            set {}
        }
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }
}
