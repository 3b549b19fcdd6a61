import Martlet
@testable import MartletPipeline
import Testing

/// A clock that is set while a forwarder runs: how long something takes is not measured by it.
@Suite struct WindowClockTests {
    @Test func `a clock set forward gives nobody up`() throws {
        let harness = WindowHarness()
        harness.offer([7])
        harness.complete(try #require(harness.next()), .unavailable("refused"))
        harness.advance(.seconds(3))
        harness.setClock(by: .seconds(8 * 86_400))
        harness.complete(try #require(harness.next()), .unavailable("refused"))
        #expect(harness.window.pause == nil)
        harness.advance(.seconds(60))
        #expect(harness.next()?.numbers == [1])
    }

    @Test(arguments: [8 * 86_400, -8 * 86_400])
    func `the wait for a destination is as long as it was`(jump: Int) throws {
        let harness = WindowHarness()
        harness.offer([7])
        let outcome = DeliveryOutcome.unavailable("429", retryAfter: .seconds(30))
        harness.complete(try #require(harness.next()), outcome)
        harness.setClock(by: .seconds(jump))
        #expect(harness.window.wakeTime(now: harness.moment) == harness.now + .seconds(30))
        #expect(harness.window.nextAttempt(now: harness.moment) == harness.moment.clock + .seconds(30))
        harness.advance(.seconds(29))
        #expect(harness.next() == nil)
        harness.advance(.seconds(1))
        #expect(harness.next()?.numbers == [1])
    }

    @Test func `a clock set forward makes no outage of a failure`() throws {
        let harness = WindowHarness {
            $0.afterOutage = .latest
            $0.outage = .seconds(30)
        }
        harness.offer([7, 7])
        harness.complete(try #require(harness.next()), .unavailable("503"))
        harness.setClock(by: .seconds(3_600))
        harness.advance(.seconds(1))
        #expect(harness.next()?.numbers == [1])
        #expect(harness.window.resynchronisation == nil)
    }

    @Test func `a clock set back ends no outage`() throws {
        let harness = WindowHarness {
            $0.afterOutage = .latest
            $0.outage = .seconds(30)
        }
        harness.offer([7, 7])
        harness.complete(try #require(harness.next()), .unavailable("503"))
        harness.setClock(by: .seconds(-3_600))
        harness.advance(.seconds(30))
        #expect(harness.next()?.numbers == [2])
    }

    @Test func `a clock set back by days delays a retry by an hour, and what waits behind it not at all`() throws {
        let harness = WindowHarness()
        harness.offer([7])
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.offer([7])
        #expect(harness.next() == nil)
        harness.setClock(by: .seconds(-8 * 86_400))
        harness.advance(.seconds(1))
        #expect(harness.next() == nil)
        #expect(harness.window.wakeTime(now: harness.moment) == harness.now + .seconds(3_600))
        harness.save()
        let latest = harness.moment.clock + .seconds(3_600)
        #expect(harness.parked.values.map(\.due).max() == latest, "That is stored, too.")
        harness.advance(.seconds(3_600))
        let unit = try #require(harness.next())
        #expect(unit.numbers == [1])
        harness.complete(unit, .delivered)
        #expect(harness.next()?.numbers == [2])
    }

    @Test func `what an earlier life has parked by a clock that was ahead waits for an hour at most`() throws {
        let harness = WindowHarness()
        harness.setClock(by: .seconds(8 * 86_400))
        harness.offer([7])
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.save()
        harness.setClock(by: .seconds(-8 * 86_400))
        harness.restart()
        #expect(harness.next() == nil)
        #expect(harness.window.wakeTime(now: harness.moment) == harness.now + .seconds(3_600))
    }
}
