import Martlet
@testable import MartletPipeline
import Testing

/// How much goes out together: never more than the sink takes, and less where it seems to be too much.
@Suite struct WindowUnitSizeTests {
    /// One request takes three events of a hundred bytes.
    private func harness(batch: Int = 1_000, attempts: Int = 3) -> WindowHarness {
        WindowHarness(mode: .atomic, batch: batch, concurrency: 1, attempts: attempts) {
            $0.delivery.maximumBytes = 350
        }
    }

    /// Delivers all that goes, and tells what went together.
    private func deliverAll(_ harness: WindowHarness) -> [[Int64]] {
        var units: [[Int64]] = []
        while let unit = harness.next() {
            units.append(unit.numbers)
            harness.complete(unit, .delivered)
        }
        return units
    }

    @Test func `what waited behind a failed event goes out in as few bytes as anything else`() throws {
        let harness = harness()
        harness.offer([7])
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.offer([Int64?](repeating: 7, count: 7))
        #expect(harness.next() == nil)
        harness.advance(.seconds(1))
        #expect(deliverAll(harness) == [[1], [2, 3, 4], [5, 6, 7], [8]])
    }

    @Test func `after a restart a unit may be cut, and what is left goes next`() throws {
        let harness = harness()
        harness.offer([7])
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.offer([Int64?](repeating: 7, count: 4))
        #expect(harness.next() == nil)
        harness.save()
        harness.restart()
        harness.advance(.seconds(1))
        let head = try #require(harness.next())
        #expect(head.numbers == [1])
        #expect(!head.mayBeCut)
        harness.complete(head, .delivered)
        let unit = try #require(harness.next())
        #expect(unit.numbers == [2, 3, 4, 5])
        #expect(unit.mayBeCut, "How large they are is not in the store.")
        harness.complete(unit, leaving: [4, 5], .delivered)
        let rest = try #require(harness.next())
        #expect(rest.numbers == [4, 5])
        harness.complete(rest, leaving: [5], .retry("500"))
        #expect(harness.next() == nil, "It waits behind the other.")
        harness.advance(.seconds(1))
        let again = try #require(harness.next())
        #expect(again.numbers == [4])
        #expect(!again.mayBeCut)
        harness.complete(again, .delivered)
        #expect(deliverAll(harness) == [[5]])
        harness.save()
        #expect(harness.counts.delivered == 5)
    }

    @Test func `what is left when retention has asked for it is skipped`() throws {
        let harness = harness()
        harness.offer([7])
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.offer([7, 7, 7])
        #expect(harness.next() == nil)
        harness.save()
        harness.restart()
        harness.advance(.seconds(1))
        harness.complete(try #require(harness.next()), .delivered)
        let unit = try #require(harness.next())
        harness.skip(through: 4)
        harness.complete(unit, leaving: [4], .delivered)
        harness.save()
        #expect(harness.counts.delivered == 3)
        #expect(harness.counts.skipped == 1)
        #expect(harness.parked.isEmpty)
    }

    @Test(arguments: [false, true])
    func `a receiver that is too slow for a batch gets smaller ones`(hasFailed: Bool) throws {
        let harness = WindowHarness(mode: .atomic, batch: 16, concurrency: 1, attempts: 12)
        harness.offer((1...16).map { $0 })
        if hasFailed {
            harness.complete(try #require(harness.next()), .retry("500"))
            harness.save()
        }
        var requests = 0
        while harness.counts.delivered < 16, requests < 100 {
            guard let unit = harness.next() else {
                harness.advance(.seconds(1))
                continue
            }
            requests += 1
            harness.complete(unit, unit.positions.count > 3 ? .unavailable("no answer in time") : .delivered)
            harness.save()
        }
        #expect(harness.counts.delivered == 16)
        #expect(requests < 40)
        #expect(harness.deadLetters.isEmpty)
    }

    @Test func `a batch with an event on which the receiver hangs is divided until only that one is left`() throws {
        let harness = WindowHarness(mode: .atomic, batch: 8, concurrency: 1)
        harness.offer((1...20).map { $0 })
        for _ in 0..<200 {
            guard let unit = harness.next() else {
                harness.advance(.seconds(1))
                continue
            }
            harness.complete(unit, unit.numbers.contains(6) ? .unavailable("no answer in time") : .delivered)
        }
        harness.save()
        #expect(harness.counts.delivered == 19)
        #expect(harness.deadLetters.map(\.position.rawValue) == [6])
        #expect(harness.deadLetters.map(\.attempts) == [3], "It has spent its own attempts.")
        #expect(harness.parked.isEmpty)
    }

    @Test func `what is taken lets the next units grow again, up to what is configured`() {
        var size = UnitSize()
        #expect(size.limit(within: 100) == 100)
        let signs = (1...6).map { _ in size.failed(100) }
        #expect(signs == [false, false, true, false, false, true])
        #expect(size.limit(within: 100) == 25)
        let single = size.failed(1)
        #expect(!single, "A single event cannot be made smaller.")
        size.succeeded(3, configured: 100)
        #expect(size.limit(within: 100) == 25, "A few events say nothing about many.")
        size.succeeded(25, configured: 100)
        #expect(size.limit(within: 100) == 26)
        for _ in 0..<100 { size.succeeded(size.limit(within: 100), configured: 100) }
        #expect(size.learnt == nil)
    }
}
