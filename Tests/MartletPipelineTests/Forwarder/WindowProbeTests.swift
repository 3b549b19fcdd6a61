import Martlet
@testable import MartletPipeline
import Testing

/// What is tried after a destination has been unavailable: one event for which it always is costs nobody else (promises 6 and 7).
@Suite struct WindowProbeTests {
    /// Answers whatever goes, an unavailability where one of these is in it, until nothing has gone for two minutes.
    ///
    /// - Returns: the positions of the units in the order in which they were tried, up to so many.
    private func answerAll(_ harness: WindowHarness, poison: Set<Int64>, atMost limit: Int = 60) -> [[Int64]] {
        var tried: [[Int64]] = []
        var idle = Duration.zero
        while tried.count < limit, idle < .seconds(120) {
            guard let unit = harness.next() else {
                harness.advance(.seconds(1))
                idle += .seconds(1)
                continue
            }
            idle = .zero
            tried.append(unit.numbers)
            harness.complete(
                unit,
                poison.isDisjoint(with: unit.numbers) ? .delivered : .unavailable("no answer in time")
            )
        }
        harness.save()
        return tried
    }

    @Test(arguments: [1, 4], DeliveryWindow.Configuration.Order.allCases.filter { $0 != .strict })
    func `an event for which the destination is always unavailable holds up nobody, though it came first and alone`(
        concurrency: Int,
        order: DeliveryWindow.Configuration.Order
    ) throws {
        let harness = WindowHarness(order: order, concurrency: concurrency)
        harness.offer([7])
        harness.complete(try #require(harness.next()), .unavailable("no answer in time"))
        harness.offer([1, 2, 3, 4, 5])
        let tried = answerAll(harness, poison: [1])
        #expect(tried.first == [2], "Another one tells whether it is the event or the destination.")
        #expect(tried.filter { $0 == [1] }.count == 3, "It spends its attempts.")
        #expect(harness.counts.delivered == 5)
        #expect(harness.deadLetters.map(\.position.rawValue) == [1])
        #expect(harness.window.pause == nil)
    }

    @Test(arguments: [1, 4])
    func `a parked event for which the destination is always unavailable holds up nobody`(concurrency: Int) throws {
        let harness = WindowHarness(concurrency: concurrency, attempts: 5)
        harness.offer([7])
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.offer([7, 7])
        #expect(harness.next() == nil)
        harness.advance(.seconds(1))
        harness.complete(try #require(harness.next()), .unavailable("no answer in time"))
        harness.offer([1, 2, 3])
        let tried = answerAll(harness, poison: [1])
        #expect(tried.first == [4])
        #expect(harness.counts.delivered == 5)
        #expect(harness.deadLetters.map(\.position.rawValue) == [1])
    }

    @Test func `several such events one after the other hold up nobody`() throws {
        let harness = WindowHarness(concurrency: 1)
        harness.offer([1, 2, 3, 4, 0, 6, 7])
        let tried = answerAll(harness, poison: [1, 2, 5])
        #expect(Array(tried.prefix(3)) == [[1], [2], [3]])
        #expect(harness.counts.delivered == 4)
        #expect(harness.counts.dead == 3)
    }

    @Test func `when all have been tried, each gets its turn again`() throws {
        let harness = WindowHarness(concurrency: 1)
        harness.offer([7, 8, 9, 7])
        let turns = answerAll(harness, poison: [1, 2, 3, 4], atMost: 7)
        #expect(
            turns == [[1], [2], [3], [1], [2], [3], [1]],
            "An event never goes before an earlier one of its resource."
        )
        #expect(harness.parked.isEmpty, "Nothing was taken, so nobody is to blame.")
        // It is back, but for the one that it was never there for.
        let tried = answerAll(harness, poison: [1])
        #expect(tried.first == [2])
        #expect(harness.counts.delivered == 3)
        #expect(harness.counts.dead == 1)
    }

    @Test func `in strict order the first event is the one that is tried`() throws {
        let harness = WindowHarness(order: .strict, concurrency: 1)
        harness.offer([1, 2, 3])
        #expect(answerAll(harness, poison: [1], atMost: 4) == [[1], [1], [1], [1]])
        harness.save()
        #expect(harness.counts == DeliveryCounts())
    }

    @Test func `a batch that was tried is not in the next one either`() throws {
        let harness = WindowHarness(mode: .atomic, batch: 3, concurrency: 1)
        harness.offer([1, 2, 3, 4, 5, 2])
        let tried = answerAll(harness, poison: [2], atMost: 3)
        #expect(tried == [[1, 2, 3], [4, 5], [1, 2, 3]], "The last one waits for the second.")
    }

    @Test func `an outage after an outage spends no attempts of those that were tried in the first`() throws {
        let harness = WindowHarness(concurrency: 1, attempts: 2)
        harness.offer((1...30).map { $0 })
        _ = answerAll(harness, poison: Set(1...30), atMost: 30)
        harness.advance(.seconds(60))
        harness.complete(try #require(harness.next()), .delivered)
        _ = answerAll(harness, poison: Set(1...30), atMost: 100)
        #expect(harness.counts.delivered + Int64(harness.parked.count) <= 4)
        #expect(harness.counts.dead <= 3, "The first few cannot be told from such as are to blame.")
    }
}
