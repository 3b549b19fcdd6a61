import Martlet
import Testing

@testable import MartletCommands

struct TrialRateTests {
    private func rate(_ samples: [(seconds: Double, events: Int)]) -> Double? {
        var rate = TrialRate()
        for sample in samples { rate.note(sample.events, at: testTime + .seconds(sample.seconds)) }
        return rate.perSecond
    }

    @Test func `it says nothing before half a second has passed`() {
        #expect(rate([]) == nil)
        #expect(rate([(0, 0), (0.4, 1_000)]) == nil)
        #expect(rate([(0, 0), (0.5, 1_000)]) == 2_000)
    }

    @Test func `it is that of the last five seconds`() {
        let samples = (0...20).map { (seconds: Double($0), events: $0 <= 10 ? $0 * 100 : 1_000) }
        #expect(rate(Array(samples.prefix(11))) == 100)
        #expect(rate(samples) == 0)
    }

    @Test func `a clock that is set back begins anew`() {
        #expect(rate([(100, 50), (101, 60), (0, 60), (1, 70)]) == 10)
    }
}
