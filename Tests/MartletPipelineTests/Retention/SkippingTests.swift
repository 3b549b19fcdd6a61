import Martlet
@testable import MartletPipeline
import MartletTesting
import Testing

/// What a window gives up when retention goes on, one number for each way an event can be there (promises 5 and 11).
@Suite struct SkippingTests {
    @Test func `what waits is skipped, what is in flight gets its chance, what comes later is not touched`() throws {
        let harness = WindowHarness(concurrency: 2)
        harness.offer([1, 2, 3, 4, nil, 5])
        let first = try #require(harness.next())
        let second = try #require(harness.next())
        harness.skip(through: 4)
        harness.save()
        #expect(harness.cursor == .zero, "What is in flight holds the cursor.")
        harness.complete(first, .delivered)
        harness.complete(second, .retry("500"))
        harness.save()
        #expect(harness.cursor.rawValue == 5)
        #expect(harness.counts.delivered == 1 && harness.counts.skipped == 3 && harness.counts.filtered == 1)
        #expect(harness.parked.isEmpty)
        #expect(harness.launchAll().map(\.numbers) == [[6]])
    }

    @Test func `what is parked behind the cursor is skipped, and what waited behind it goes`() throws {
        let harness = WindowHarness()
        harness.offer([1, 1, 1])
        harness.complete(try #require(harness.next()), .retry("500"))
        #expect(harness.launchAll().isEmpty)
        harness.save()
        #expect(harness.cursor.rawValue == 3 && harness.parked.count == 3)
        harness.skip(through: 2)
        harness.save()
        #expect(harness.parked.keys.map(\.rawValue) == [3])
        #expect(harness.counts.skipped == 2)
        #expect(harness.launchAll().map(\.numbers) == [[3]])
    }

    @Test func `what was never read is skipped, not filtered, however late the cursor passes`() throws {
        let harness = WindowHarness()
        harness.offer([1, nil, nil])
        let unit = try #require(harness.next())
        harness.lose(5)
        harness.offer([nil, 2])
        harness.save()
        #expect(harness.counts.skipped == 0)
        harness.complete(unit, .delivered)
        harness.complete(try #require(harness.next()), .delivered)
        harness.save()
        #expect(harness.counts.skipped == 5 && harness.counts.filtered == 3 && harness.counts.delivered == 2)
    }

    @Test func `what was never read is skipped after a restart, too`() throws {
        let harness = WindowHarness()
        harness.offer([1])
        _ = harness.next()
        harness.lose(5)
        harness.save()
        harness.restart()
        harness.reread([1])
        harness.complete(try #require(harness.next()), .delivered)
        harness.lose(5)
        harness.save()
        #expect(harness.counts.skipped == 5 && harness.counts.filtered == 0)
    }

    @Test func `a redelivery has its own copy and is not skipped`() throws {
        let harness = WindowHarness()
        harness.offer([1])
        harness.complete(try #require(harness.next()), .reject("400"))
        harness.save()
        harness.window.redeliver([(id: 1, position: Position(rawValue: 1))], now: harness.now)
        harness.skip(through: 1)
        harness.save()
        let unit = try #require(harness.next())
        #expect(unit.numbers == [1] && unit.isRedelivery)
        harness.complete(unit, .delivered)
        harness.save()
        #expect(harness.counts.delivered == 1 && harness.counts.skipped == 0 && harness.counts.dead == 0)
    }

    @Test func `a paused forwarder gives way, too`() {
        let harness = WindowHarness()
        harness.offer([1, 2, 3])
        harness.window.setPause(Pause(cause: .requested, reason: "test"))
        harness.skip(through: 2)
        harness.save()
        #expect(harness.cursor.rawValue == 2 && harness.counts.skipped == 2)
        harness.window.resume()
        #expect(harness.launchAll().map(\.numbers) == [[3]])
    }

    @Test func `of a batch that failed the rest keeps its composition`() throws {
        let harness = WindowHarness(mode: .atomic, batch: 4)
        harness.offer([1, 2, 3, 4])
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.skip(through: 2)
        harness.save()
        harness.advance(.seconds(60))
        #expect(harness.launchAll().map(\.numbers) == [[3, 4]])
        #expect(harness.counts.skipped == 2)
    }

    @Test func `the gaps of a page are what it lacks`() {
        func page(_ positions: [Int64]) -> [StoredEvent] {
            positions.map { number in
                let event = StoreProbe.event("\(number)").with { $0.position = Position(rawValue: number) }
                return StoredEvent(event: event, resourceKey: nil, changes: nil)
            }
        }
        func gaps(_ after: Int64, _ positions: [Int64], through: Int64) -> [ClosedRange<Int64>] {
            LogGaps.between(Position(rawValue: after), page(positions), through: Position(rawValue: through))
        }
        #expect(gaps(0, [1, 2, 3], through: 3).isEmpty)
        #expect(gaps(2, [1, 2, 3], through: 3).isEmpty)
        #expect(gaps(0, [4, 5], through: 5) == [1...3])
        #expect(gaps(3, [5, 6, 9], through: 9) == [4...4, 7...8])
        #expect(gaps(3, [], through: 7) == [4...7])
        #expect(gaps(3, [], through: 3).isEmpty)
    }
}
