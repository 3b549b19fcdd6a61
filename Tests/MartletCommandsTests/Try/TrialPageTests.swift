import Martlet
import MartletGateway
import MartletPipeline
import Testing

@testable import MartletCommands

struct TrialPageTests {
    private func page(
        _ counts: TrialCounts,
        width: Int? = 80,
        height: Int? = nil,
        source: SourceMonitor.Snapshot = snapshot(.running)
    ) -> [String] {
        let page = TrialPage(
            place: "kafka://k1:9092/cs",
            transport: .kafka,
            elapsed: .seconds(75),
            counts: counts,
            perSecond: 123.4,
            duplicates: 0,
            source: source,
            clock: .utc(now: { testTime }),
            width: width,
            height: height
        )
        return page.lines.map { $0.render(inColour: false) }
    }

    private func counts(types: Int) -> TrialCounts {
        var counts = TrialCounts()
        var position: Int64 = 0
        for type in 1...types {
            for _ in 0...(types - type) {
                position += 1
                counts.add([storedEvent(position, type: "org.apache.cloudstack.TYPE.\(type)", resource: position % 7)])
            }
        }
        return counts
    }

    @Test func `it has the numbers, the types, what could not be read and the latest event`() {
        var counts = counts(types: 3)
        counts.add([
            storedEvent(7, type: "org.apache.cloudstack.VM.STOP", resource: 7) {
                ($0.outcome, $0.oldState, $0.newState) = (.failure, "Running", "Stopped")
            }
        ])
        counts.add([
            MartletPipeline.QuarantinedItem(
                id: 1,
                source: "try",
                receivedTime: testTime,
                draft: QuarantineDraft(bytes: [], reason: "the body is not JSON")
            )
        ])
        #expect(
            page(counts, source: snapshot(.running, backlog: 1_500)) == [
                "kafka://k1:9092/cs from the beginning, 1 min, 1,500 still to read",
                "7 events, 120 a second, 1 failure, 1 unreadable",
                "7 resources: 7 VirtualMachine",
                "",
                "type     count  failures",
                "TYPE.1       3         0",
                "TYPE.2       2         0",
                "TYPE.3       1         0",
                "VM.STOP      1         1",
                "",
                "unreadable",
                "1 × the body is not JSON",
                "",
                "latest",
                "12:00:00 ✗ VM.STOP             VirtualMachine vm-7  Running → Stopped  Started",
            ]
        )
    }

    @Test func `fifteen types are shown, and what is left in one line`() {
        let lines = page(counts(types: 20))
        #expect(lines.filter { $0.hasPrefix("TYPE.") }.count == 15)
        #expect(lines.contains("and 15 events of 5 other types"))
    }

    @Test(arguments: [10, 14, 24]) func `the types give way where the terminal is low`(height: Int) {
        #expect(page(counts(types: 20), height: height).count <= height)
    }

    @Test func `no line is wider than the terminal`() {
        let problem = SourceMonitor.Problem(
            "the connection to the broker was lost in the middle of a message",
            at: "kafka://k1:9092/cs",
            remedy: "see the broker's log"
        )
        let lines = page(counts(types: 20), width: 40, source: snapshot(.failing, problem: problem))
        #expect(lines.allSatisfy { $0.count <= 40 })
    }

    @Test func `before anything has come it says where it reads`() {
        #expect(page(TrialCounts()) == ["kafka://k1:9092/cs from the beginning, 1 min", "0 events"])
    }
}
