import Logging
import MartletPipeline
import MartletTesting
import Testing

@Suite struct SourceMonitorTests {
    private static let refused = SourceMonitor.Problem("refused", at: "amqp://mq1/", remedy: "check the password")

    @Test func `each change goes to the log, once`() {
        let log = LogCapture()
        let time = ManualTime()
        let monitor = SourceMonitor(time: time, logger: log.logger)
        monitor.isRunning(at: "amqp://mq1/")
        monitor.isRunning(at: "amqp://mq1/")
        monitor.isFailing(Self.refused)
        monitor.isFailing(Self.refused)
        time.advance(by: .seconds(90))
        monitor.isRunning(at: "amqp://mq1/")
        monitor.warn("exchange", Self.refused)
        monitor.warn("exchange", Self.refused)
        monitor.warn("exchange", nil)
        monitor.warn("exchange", nil)
        #expect(log.lines.map(\.level) == [.info, .warning, .notice, .warning, .notice])
        #expect(log.lines[1].metadata["remedy"] == "check the password")
        #expect(log.lines[2].metadata["after"] == "90 s")
    }

    @Test func `only the warnings of one part are cleared`() {
        let monitor = SourceMonitor(time: ManualTime())
        monitor.warn("leader cs-0", Self.refused)
        monitor.warn("silent", Self.refused)
        monitor.clearWarnings { $0.hasPrefix("leader ") }
        #expect(monitor.snapshot.warnings.keys.sorted() == ["silent"])
    }
}
