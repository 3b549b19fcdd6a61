import MartletGateway
import MartletPipeline
import Testing

@testable import MartletCommands

struct TrialAdviceTests {
    private func advice(
        _ transport: TrialAddress.Transport,
        _ source: SourceMonitor.Snapshot,
        findings: [TrialFinding] = []
    ) -> String {
        TrialAdvice(transport: transport, source: source, findings: findings, width: 80).lines
            .map { $0.render(inColour: false) + "\n" }.joined()
    }

    @Test func `without a connection it asks for the way there, and not for CloudStack's settings`() {
        let text = advice(.kafka, snapshot(.starting))
        #expect(text.contains("✗ not connected yet"))
        #expect(text.contains("kafkas://"))
        #expect(!text.contains("publish.action.events"))
    }

    @Test func `each transport has its own first question`() {
        #expect(advice(.amqp, snapshot(.running)).contains("1. Is this the exchange?"))
        #expect(advice(.kafka, snapshot(.running)).contains("1. Is this the topic?"))
    }

    @Test func `what is there to be read and does not come is told`() {
        let monitor = SourceMonitor(time: SystemTime())
        monitor.isRunning(at: "kafka://k1:9092")
        monitor.hasBacklog(0, parts: ["cs/0": 0, "cs/1": 0])
        #expect(advice(.kafka, monitor.snapshot).contains("· 2 partitions, and nothing in them"))
        monitor.hasBacklog(1_200, parts: ["cs/0": 1_200])
        #expect(advice(.kafka, monitor.snapshot).contains("✗ 1,200 messages in 1 partition that do not come"))
    }

    @Test func `no line is wider than eighty columns`() {
        let finding = TrialFinding(String(repeating: "a long sentence about the broker ", count: 9), isGood: false)
        for transport in [TrialAddress.Transport.amqp, .kafka] {
            for state in SourceMonitor.State.allCases {
                let lines = advice(transport, snapshot(state), findings: [finding]).split(separator: "\n")
                #expect(lines.allSatisfy { $0.count <= 80 })
            }
        }
    }
}
