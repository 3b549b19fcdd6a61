import Martlet
import Testing

@testable import MartletPipeline

/// The bucket that bounds a replay's rate, with what time is passed in.
@Suite struct RateLimitTests {
    private let start = Timestamp(seconds: 1_000)

    /// Sends batches as soon as they may go, for a while; tells how many events went.
    private func sent(_ limit: inout RateLimit, batch: Int, for duration: Duration) -> Int {
        var (now, sent) = (start, 0)
        while now < start + duration {
            if let delay = limit.delay(now: now) {
                now = now + delay
            } else {
                limit.spend(batch)
                sent += batch
            }
        }
        return sent
    }

    @Test(arguments: [(1, 1), (7, 1), (100, 1), (100, 10), (2_000, 200), (2_000, 1)])
    func `over a minute the rate holds, in batches too`(_ rate: Int, _ batch: Int) {
        var limit = RateLimit(rate: rate)
        let expected = rate * 60
        let sent = sent(&limit, batch: batch, for: .seconds(60))
        #expect(sent <= expected + max(limit.burst, batch) + 1)
        #expect(sent >= expected - max(limit.burst, batch))
    }

    @Test func `after a rest no more than a tenth of a second's events go at once`() {
        var limit = RateLimit(rate: 200)
        limit.spend(1)
        _ = limit.delay(now: start)
        let later = start + .seconds(3_600)
        var burst = 0
        while limit.delay(now: later) == nil {
            limit.spend(1)
            burst += 1
        }
        #expect(burst == 20)
    }

    @Test func `the wait that it tells is enough, and not longer than needed`() throws {
        var limit = RateLimit(rate: 10)
        limit.spend(1)
        let first = limit.delay(now: start)
        let delay = try #require(first)
        #expect(delay <= .milliseconds(101))
        var hasty = limit
        let early = hasty.delay(now: start + (delay - .milliseconds(2)))
        #expect(early != nil)
        let onTime = limit.delay(now: start + delay)
        #expect(onTime == nil)
    }

    @Test func `a clock that goes back gives nothing and takes nothing`() {
        var limit = RateLimit(rate: 10)
        limit.spend(1)
        let first = limit.delay(now: start)
        let back = limit.delay(now: Timestamp(seconds: 940))
        #expect(first != nil && back == first)
    }

    @Test func `without a rate nothing waits`() {
        var limit = RateLimit(rate: nil)
        limit.spend(1_000_000)
        let delay = limit.delay(now: start)
        #expect(delay == nil)
        #expect(limit.burst == .max)
    }
}
