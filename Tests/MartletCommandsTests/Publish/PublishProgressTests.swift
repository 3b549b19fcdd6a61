import Martlet
import Testing

@testable import MartletCommands

struct PublishProgressTests {
    private func line(_ total: Int?, bytes: Int, events: Int, after seconds: Double, width: Int = 100) -> StyledText {
        PublishProgress(name: "/data/events.jsonl", total: total, start: testTime)
            .line(bytes: bytes, events: events, now: testTime + .seconds(seconds), width: width)
    }

    @Test func `it shows how far, how fast and how long still`() {
        #expect(
            line(10 << 20, bytes: 4 << 20, events: 12_400, after: 4).render(inColour: false)
                == "events.jsonl  ━━━━━━━━────────────   40%  4.0 MiB of 10 MiB  3,100 events/s  5 s left"
        )
        #expect(
            line(10 << 20, bytes: 10 << 20, events: 31_000, after: 10).render(inColour: false)
                == "events.jsonl  ━━━━━━━━━━━━━━━━━━━━  100%  10 MiB of 10 MiB  3,100 events/s"
        )
    }

    @Test func `at the beginning it guesses nothing`() {
        #expect(
            line(10 << 20, bytes: 0, events: 0, after: 0.1).render(inColour: false)
                == "events.jsonl  ────────────────────    0%  0 B of 10 MiB"
        )
    }

    @Test func `where the size is not known it counts`() {
        #expect(
            line(nil, bytes: 4 << 20, events: 12_400, after: 4).render(inColour: false)
                == "events.jsonl  4.0 MiB  12,400 events  3,100 events/s"
        )
    }

    @Test(arguments: [20, 40, 60])
    func `it is never wider than the terminal`(width: Int) {
        #expect(line(10 << 20, bytes: 4 << 20, events: 12_400, after: 4, width: width).width <= width)
    }

    @Test func `it is drawn ten times a second at most`() {
        var progress = PublishProgress(name: "x", total: nil, start: testTime)
        let drawings = [0, 99, 100, 150, 200].map { progress.isDue(at: testTime + .milliseconds($0)) }
        #expect(drawings == [true, false, true, false, true])
    }
}
