import Martlet
@testable import MartletPipeline
import Testing

@Suite struct DeliveryWindowTests {
    @Test func `what nobody wants is filtered and moves the cursor`() {
        let harness = WindowHarness()
        harness.offer([nil, nil, nil])
        #expect(harness.next() == nil)
        harness.save()
        #expect(harness.counts.filtered == 3)
        #expect(harness.cursor == Position(rawValue: 3))
    }

    @Test func `a delivered event is counted when the cursor passes it`() throws {
        let harness = WindowHarness()
        harness.offer([1, nil, 2])
        let units = harness.launchAll()
        #expect(units.map(\.numbers) == [[1], [3]])
        harness.complete(units[1], .delivered)
        harness.save()
        #expect(harness.counts.delivered == 0)
        #expect(harness.cursor == .zero)
        harness.complete(units[0], .delivered)
        harness.save()
        #expect(harness.counts.delivered == 2)
        #expect(harness.counts.filtered == 1)
        #expect(harness.cursor == Position(rawValue: 3))
    }

    @Test func `events of one resource go one after the other`() throws {
        let harness = WindowHarness()
        harness.offer([7, 7, 8])
        let units = harness.launchAll()
        #expect(units.map(\.numbers) == [[1], [3]])
        harness.complete(units[0], .delivered)
        #expect(harness.next()?.numbers == [2])
    }

    @Test func `a failing event holds back later ones of its resource, of nobody else`() throws {
        let harness = WindowHarness()
        harness.offer([7, 8, 7])
        let units = harness.launchAll()
        harness.complete(units[0], .retry("500"))
        harness.complete(units[1], .delivered)
        #expect(harness.next() == nil)
        harness.save()
        #expect(harness.cursor == Position(rawValue: 3), "the cursor passes what is parked")
        #expect(harness.parked.count == 2)
        harness.advance(.seconds(1))
        let retried = try #require(harness.next())
        #expect(retried.numbers == [1])
        #expect(harness.next() == nil)
        harness.complete(retried, .delivered)
        #expect(harness.next()?.numbers == [3])
    }

    @Test func `a dead letter releases those behind it`() throws {
        let harness = WindowHarness(attempts: 2)
        harness.offer([7, 7])
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.advance(.seconds(1))
        harness.complete(try #require(harness.next()), .retry("still 500"))
        harness.save()
        #expect(harness.deadLetters.map(\.position.rawValue) == [1])
        #expect(harness.deadLetters[0].attempts == 2)
        #expect(harness.deadLetters[0].reason == "still 500")
        #expect(harness.next()?.numbers == [2])
    }

    @Test func `a rejected event is dead at once`() throws {
        let harness = WindowHarness()
        harness.offer([7])
        harness.complete(try #require(harness.next()), .reject("400"))
        harness.save()
        #expect(harness.counts.dead == 1)
        #expect(harness.parked.isEmpty)
    }

    @Test func `an unavailable destination spends no attempt and parks nothing`() throws {
        let harness = WindowHarness()
        harness.offer([7, 8])
        let units = harness.launchAll()
        for unit in units { harness.complete(unit, .unavailable("503")) }
        #expect(harness.next() == nil)
        harness.save()
        #expect(harness.parked.isEmpty)
        harness.advance(.seconds(1))
        let probe = try #require(harness.next())
        #expect(probe.numbers == [1])
        #expect(probe.attempts == 0)
        #expect(harness.next() == nil, "one unit tries whether it is back")
        harness.complete(probe, .delivered)
        #expect(harness.next()?.numbers == [2])
    }

    @Test func `Retry-After is obeyed`() throws {
        let harness = WindowHarness()
        harness.offer([7])
        harness.complete(try #require(harness.next()), .unavailable("429", retryAfter: .seconds(30)))
        harness.advance(.seconds(29))
        #expect(harness.next() == nil)
        #expect(harness.window.wakeTime(now: harness.moment) == harness.now + .seconds(1))
        harness.advance(.seconds(1))
        #expect(harness.next()?.numbers == [1])
    }

    @Test func `who asks for a short wait is not kept waiting longer than who asks for none`() throws {
        let harness = WindowHarness { $0.retry.maximumDelay = .seconds(3_600) }
        harness.offer([7])
        for _ in 0..<20 {
            harness.complete(try #require(harness.next()), .unavailable("503", retryAfter: .seconds(1)))
            harness.advance(DeliveryWindow.longestBackoff)
        }
        #expect(harness.next()?.numbers == [1])
    }

    @Test func `forwarders that were told the same wait come back one after the other`() throws {
        var returns: Set<Timestamp> = []
        for random in [0.0, 0.25, 0.5, 0.75] {
            let harness = WindowHarness { $0.retry.jitter = .full }
            harness.offer([7])
            let unit = try #require(harness.next())
            let outcome = BatchOutcome.whole(.unavailable("429", retryAfter: .seconds(60)))
            harness.window.complete(unit.id, outcome, now: harness.moment, random: random)
            returns.insert(try #require(harness.window.wakeTime(now: harness.moment)))
        }
        #expect(returns.count == 4)
        #expect(returns.allSatisfy { (60.0...66.0).contains(($0 - Timestamp(seconds: 1_000)).inSeconds) })
    }

    @Test func `new events wake nobody who waits for the destination, unless there is nothing else to wake for`() throws
    {
        let harness = WindowHarness(attempts: 1) { $0.failingLanes = 1 }
        harness.offer([7, 8])
        harness.complete(try #require(harness.next()), .unavailable("503"))
        #expect(harness.window.isAsleep(now: harness.moment))
        #expect(harness.window.wakeTime(now: harness.moment) != nil)
        for _ in 0..<2 {
            harness.advance(.seconds(60))
            harness.complete(try #require(harness.next()), .retry("500"))
        }
        // Both are dead letters, and the wait goes on with nothing to try.
        #expect(harness.window.backoff != nil)
        #expect(harness.window.wakeTime(now: harness.moment) == nil)
        #expect(!harness.window.isAsleep(now: harness.moment))
        harness.window.setPause(Pause(cause: .requested, reason: "test"))
        #expect(harness.window.isAsleep(now: harness.moment))
    }

    @Test func `a wait that the destination asked for outlasts what was on its way`() throws {
        let harness = WindowHarness()
        harness.offer([7, 8])
        let units = harness.launchAll()
        harness.complete(units[0], .unavailable("429", retryAfter: .seconds(60)))
        harness.complete(units[1], .delivered)
        #expect(harness.next() == nil)
        harness.advance(.seconds(60))
        #expect(harness.next()?.numbers == [1])
    }

    @Test func `an event that alone finds the destination unavailable is to blame itself`() throws {
        let harness = WindowHarness()
        harness.offer([7, 8, 9])
        let units = harness.launchAll()
        harness.complete(units[0], .unavailable("503"))
        harness.complete(units[1], .delivered)
        harness.complete(try #require(harness.next()), .unavailable("503"))
        harness.complete(units[2], .delivered)
        harness.save()
        #expect(harness.parked.keys.map(\.rawValue) == [1], "it spends an attempt and waits by itself")
        #expect(harness.cursor == Position(rawValue: 3), "nobody waits for it")
    }

    @Test func `what is held is bounded in bytes, one event excepted`() {
        let harness = WindowHarness { $0.maximumHeldBytes = 150 }
        #expect(harness.window.wantsMore)
        harness.offer([1])
        #expect(harness.window.wantsMore)
        harness.offer([2])
        #expect(!harness.window.wantsMore)
        for unit in harness.launchAll() { harness.complete(unit, .delivered) }
        #expect(harness.window.wantsMore)
    }

    @Test func `redeliveries hold up nobody`() {
        let harness = WindowHarness { $0.maximumParkedLanes = 2 }
        harness.offer([1, 2, 3])
        for unit in harness.launchAll() { harness.complete(unit, .reject("400")) }
        harness.save()
        harness.window.redeliver(
            (1...3).map { (id: $0, position: Position(rawValue: $0)) },
            now: harness.now
        )
        #expect(harness.window.wantsMore)
    }

    @Test func `what has been offered before is left out`() {
        let harness = WindowHarness()
        harness.offer([7])
        let again = DeliveryWindow.Candidate(position: Position(rawValue: 1), resource: nil, byteCount: 1)
        harness.window.offer([again], through: Position(rawValue: 1))
        #expect(harness.launchAll().map(\.numbers) == [[1]])
    }

    @Test func `ten resources failing with no success between are an unavailable destination`() throws {
        let harness = WindowHarness(concurrency: 20, attempts: 12)
        harness.offer((1...12).map { $0 })
        let units = harness.launchAll()
        for unit in units.prefix(9) { harness.complete(unit, .retry("500")) }
        #expect(harness.window.backoff == nil)
        harness.complete(units[9], .retry("500"))
        #expect(harness.window.backoff != nil)
        harness.complete(units[10], .delivered)
        #expect(harness.window.backoff == nil, "a success ends it")
    }

    @Test func `unavailable for too long asks for a decision`() throws {
        let harness = WindowHarness { $0.retry.giveUpAfter = .seconds(100) }
        harness.offer([7])
        for _ in 0..<50 {
            guard let unit = harness.next() else {
                harness.advance(.seconds(10))
                continue
            }
            harness.complete(unit, .unavailable("refused"))
        }
        #expect(harness.window.pause?.cause == .unavailable)
        harness.window.resume()
        #expect(harness.next()?.numbers == [1])
    }

    @Test func `a destination that is gone pauses the forwarder`() throws {
        let harness = WindowHarness()
        harness.offer([7, 8])
        let units = harness.launchAll()
        harness.complete(units[0], .gone("410"))
        #expect(harness.window.pause?.cause == .gone)
        #expect(harness.next() == nil)
        harness.complete(units[1], .delivered)
        harness.save()
        harness.window.resume()
        #expect(harness.next()?.numbers == [1])
    }

    @Test func `a retried batch keeps its composition`() throws {
        let harness = WindowHarness(mode: .atomic, batch: 3, concurrency: 1)
        harness.offer([1, 2, 3, 4])
        let unit = try #require(harness.next())
        #expect(unit.numbers == [1, 2, 3])
        harness.complete(unit, .retry("500"))
        let other = try #require(harness.next())
        #expect(other.numbers == [4])
        harness.complete(other, .delivered)
        harness.save()
        harness.restart()
        harness.advance(.seconds(1))
        #expect(harness.next()?.numbers == [1, 2, 3], "also over a restart")
    }

    @Test func `a rejected batch is tried one by one, so that only the culprit dies`() throws {
        let harness = WindowHarness(mode: .atomic, batch: 3, concurrency: 1)
        harness.offer([1, 2, 3])
        harness.complete(try #require(harness.next()), .reject("400"))
        for number: Int64 in 1...3 {
            let unit = try #require(harness.next())
            #expect(unit.numbers == [number])
            harness.complete(unit, number == 2 ? .reject("400") : .delivered)
        }
        harness.save()
        #expect(harness.counts.dead == 1)
        #expect(harness.counts.delivered == 2)
    }

    @Test func `outcomes for each event are taken one by one`() throws {
        let harness = WindowHarness(mode: .prefix, batch: 4, concurrency: 1)
        harness.offer([1, 2, 3, 4])
        let unit = try #require(harness.next())
        harness.complete(unit, each: [.delivered, .retry("500"), .untried])
        harness.save()
        #expect(harness.counts.delivered == 1)
        #expect(harness.parked.keys.map(\.rawValue) == [2])
        #expect(harness.next()?.numbers == [3, 4])
    }

    @Test func `strict order stops rather than dead-letters`() throws {
        let harness = WindowHarness(order: .strict, attempts: 2)
        harness.offer([1, 2])
        let unit = try #require(harness.next())
        #expect(harness.next() == nil, "one at a time")
        harness.complete(unit, .retry("500"))
        #expect(harness.next() == nil)
        harness.advance(.seconds(1))
        harness.complete(try #require(harness.next()), .retry("500"))
        #expect(harness.window.pause?.cause == .strict)
        harness.save()
        #expect(harness.counts.dead == 0)
        harness.window.resume()
        harness.advance(.seconds(1))
        #expect(harness.next()?.numbers == [1])
    }

    @Test func `without order nobody waits`() throws {
        let harness = WindowHarness(order: .none)
        harness.offer([7, 7, 7])
        #expect(harness.launchAll().map(\.numbers) == [[1], [2], [3]])
    }

    @Test func `events without a resource are unordered`() throws {
        let harness = WindowHarness()
        harness.offer([0, 0])
        let units = harness.launchAll()
        #expect(units.count == 2)
        harness.complete(units[0], .retry("500"))
        harness.offer([0])
        #expect(harness.next()?.numbers == [3])
    }

    @Test func `a redelivered dead letter is pending again and outside the order`() throws {
        let harness = WindowHarness()
        harness.offer([7, 7])
        harness.complete(try #require(harness.next()), .reject("400"))
        harness.save()
        let second = try #require(harness.next())
        harness.window.redeliver([(id: 1, position: Position(rawValue: 1))], now: harness.now)
        let again = try #require(harness.next())
        #expect(again.numbers == [1])
        #expect(again.isRedelivery)
        harness.save()
        #expect(harness.counts.dead == 0)
        harness.complete(again, .delivered)
        harness.complete(second, .delivered)
        harness.save()
        #expect(harness.counts.delivered == 2)
    }

    @Test func `a discarded dead letter is skipped`() throws {
        let harness = WindowHarness()
        harness.offer([7])
        harness.complete(try #require(harness.next()), .reject("400"))
        harness.save()
        harness.window.discard([1])
        harness.save()
        #expect(harness.counts.dead == 0)
        #expect(harness.counts.skipped == 1)
    }

    @Test func `the cursor stops at a thousand parked resources`() {
        let harness = WindowHarness(concurrency: 64, attempts: 12) {
            $0.maximumParkedLanes = 10
            $0.failingLanes = 1_000
        }
        harness.offer((1...20).map { $0 })
        for unit in harness.launchAll().prefix(10) { harness.complete(unit, .retry("500")) }
        #expect(!harness.window.wantsMore)
    }

    @Test func `progress that could not be saved is part of the next`() throws {
        let harness = WindowHarness()
        harness.offer([1, 2, nil])
        let units = harness.launchAll()
        harness.complete(units[0], .reject("400"))
        harness.complete(units[1], .retry("500"))
        let lost = harness.window.takeProgress()
        let nothing = harness.window.takeProgress()
        #expect(nothing == nil)
        harness.window.restore(try #require(lost))
        harness.save()
        #expect(harness.counts.dead == 1)
        #expect(harness.parked.count == 1)
        #expect(harness.deadLetters.count == 1)
    }
}
