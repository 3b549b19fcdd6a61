import Martlet
import Testing

@testable import MartletPipeline

@Suite struct CircuitBreakerTests {
    private static let start = Timestamp(nanoseconds: 0)

    @Test func `it opens with the fifth failure in a row, and a success in between begins anew`() {
        var breaker = CircuitBreaker()
        for _ in 0..<4 { breaker.fail(now: Self.start) }
        breaker.succeed()
        for _ in 0..<4 { breaker.fail(now: Self.start) }
        #expect(breaker.openUntil == nil)
        breaker.fail(now: Self.start)
        #expect(breaker.openUntil == Self.start + .seconds(5))
        let mayAsk = breaker.mayAsk(now: Self.start + .seconds(4))
        #expect(!mayAsk)
    }

    @Test func `when its time is over one question tries, and each failure doubles the pause up to five minutes`() {
        var breaker = CircuitBreaker()
        for _ in 0..<5 { breaker.fail(now: Self.start) }
        var now = Self.start
        for pause in [10, 20, 40, 80, 160, 300, 300] {
            now = breaker.openUntil ?? now
            let answers = [breaker.mayAsk(now: now), breaker.mayAsk(now: now)]
            #expect(answers == [true, false])
            breaker.fail(now: now)
            #expect(breaker.openUntil == now + .seconds(pause))
        }
        now = breaker.openUntil ?? now
        _ = breaker.mayAsk(now: now)
        breaker.succeed()
        let mayAsk = breaker.mayAsk(now: now)
        #expect(mayAsk)
    }

    @Test func `while one question tries nobody says when the next may`() {
        var chain = EnrichmentChain([ScriptedEnricher { _, _ in nil }.member])
        for _ in 0..<5 { chain.breakers[0].fail(now: Self.start) }
        #expect(chain.pause(for: "VirtualMachine", now: Self.start) == Self.start + .seconds(5))
        let later = Self.start + .seconds(6)
        _ = chain.breakers[0].mayAsk(now: later)
        #expect(chain.pause(for: "VirtualMachine", now: later) == nil)
    }

    @Test func `what asks to be left alone is, at once`() {
        var breaker = CircuitBreaker()
        breaker.fail(now: Self.start, retryAfter: .seconds(30))
        #expect(breaker.openUntil == Self.start + .seconds(30))
    }

    @Test func `who was told to stop lets another try`() {
        var breaker = CircuitBreaker()
        for _ in 0..<5 { breaker.fail(now: Self.start) }
        let later = Self.start + .seconds(5)
        _ = breaker.mayAsk(now: later)
        breaker.withdraw()
        let mayAsk = breaker.mayAsk(now: later)
        #expect(mayAsk)
    }
}
