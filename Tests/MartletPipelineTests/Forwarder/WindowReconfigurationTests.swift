import Martlet
@testable import MartletPipeline
import Testing

/// A window under another configuration: what stays, and what is looked at anew.
@Suite struct WindowReconfigurationTests {
    private let filter = DeliveryWindow.Reconfiguration(filterChanged: true, destinationChanged: false)
    private let destination = DeliveryWindow.Reconfiguration(filterChanged: false, destinationChanged: true)
    private let neither = DeliveryWindow.Reconfiguration(filterChanged: false, destinationChanged: false)

    private func reconfigure(
        _ harness: WindowHarness,
        _ change: DeliveryWindow.Reconfiguration,
        _ edit: (inout DeliveryWindow.Configuration) -> Void = { _ in }
    ) {
        var configuration = harness.window.configuration
        edit(&configuration)
        harness.window.reconfigure(configuration, change, now: harness.now)
    }

    @Test func `another filter applies from the cursor on, and nothing is repeated or counted twice`() throws {
        let harness = WindowHarness()
        harness.offer([1, nil, 2, 3])
        let units = harness.launchAll()
        #expect(units.map(\.numbers) == [[1], [3], [4]])
        harness.complete(units[1], .delivered)
        harness.complete(units[2], .retry("500"))
        harness.complete(units[0], .untried)
        reconfigure(harness, filter)
        harness.save()
        #expect(harness.window.classifiedThrough == .zero)
        // Now 2 is wanted and 1, 3 and 4 are not; 3 has been delivered and 4 waits for its next attempt.
        harness.reread([nil, 9, nil, nil])
        let wanted = try #require(harness.next())
        #expect(wanted.numbers == [2])
        harness.save()
        #expect(harness.counts.filtered == 1)
        #expect(harness.counts.delivered == 0, "The cursor has not passed 2.")
        harness.advance(.seconds(1))
        let retried = try #require(harness.next())
        #expect(retried.numbers == [4])
        harness.complete(retried, .delivered)
        harness.complete(wanted, .delivered)
        harness.save()
        #expect(harness.counts.delivered == 3)
        #expect(harness.counts.filtered == 1)
        #expect(harness.cursor == Position(rawValue: 4))
        #expect(harness.parked.isEmpty)
    }

    @Test func `what is parked beyond the cursor is counted once, though it is delivered before the log is read anew`()
        throws
    {
        let harness = WindowHarness()
        harness.offer([1, 2])
        let units = harness.launchAll()
        harness.complete(units[1], .retry("500"))
        harness.complete(units[0], .untried)
        reconfigure(harness, filter)
        harness.advance(.seconds(1))
        let retried = try #require(harness.next())
        #expect(retried.numbers == [2])
        harness.complete(retried, .delivered)
        harness.save()
        #expect(harness.counts.delivered == 0)
        harness.reread([nil, nil])
        harness.save()
        #expect(harness.counts.delivered == 1)
        #expect(harness.counts.filtered == 1)
    }

    @Test func `parked events keep their place though the filter would not want them`() throws {
        let harness = WindowHarness()
        harness.offer([1])
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.save()
        reconfigure(harness, filter)
        harness.advance(.seconds(1))
        let unit = try #require(harness.next())
        #expect(unit.numbers == [1])
        #expect(unit.attempts == 1)
    }

    @Test func `due times are no later than the new policy's longest delay from now`() throws {
        let harness = WindowHarness(attempts: 9) { $0.retry.initialDelay = .seconds(50) }
        harness.offer([1])
        harness.complete(try #require(harness.next()), .retry("500"))
        reconfigure(harness, neither) { $0.retry.maximumDelay = .seconds(5) }
        #expect(harness.window.wakeTime(now: harness.moment) == harness.now + .seconds(5))
        harness.save()
        #expect(harness.parked.values.map(\.due) == [harness.now + .seconds(5)], "The new moment is stored too.")
    }

    @Test func `another destination is tried at once, with what is parked and after it was unavailable`() throws {
        let harness = WindowHarness()
        harness.offer([1, 2])
        let units = harness.launchAll()
        harness.complete(units[0], .retry("500"))
        harness.complete(units[1], .unavailable("503"))
        #expect(harness.next() == nil)
        reconfigure(harness, destination)
        #expect(harness.launchAll().map(\.numbers) == [[1], [2]])
    }

    @Test func `an unavailable destination is tried at once under another policy`() throws {
        let harness = WindowHarness()
        harness.offer([1])
        harness.complete(try #require(harness.next()), .unavailable("503"))
        #expect(harness.next() == nil)
        reconfigure(harness, neither)
        #expect(harness.next()?.numbers == [1])
    }

    @Test(arguments: [Pause.Cause.gone, .unavailable, .strict])
    func `a pause that deliveries have caused ends`(_ cause: Pause.Cause) {
        let harness = WindowHarness()
        harness.window.setPause(Pause(cause: cause, reason: "410"))
        reconfigure(harness, destination)
        #expect(harness.window.pause == nil)
    }

    @Test func `a pause that somebody asked for stays`() {
        let harness = WindowHarness()
        harness.window.setPause(Pause(cause: .requested, reason: "maintenance"))
        reconfigure(harness, destination)
        #expect(harness.window.pause?.cause == .requested)
    }

    @Test func `another order puts what is parked into other lanes`() throws {
        let harness = WindowHarness(order: .none)
        harness.offer([7, 7, 8])
        for unit in harness.launchAll() { harness.complete(unit, .retry("500")) }
        reconfigure(harness, neither) { $0.order = .resource }
        harness.advance(.seconds(1))
        let units = harness.launchAll()
        #expect(units.map(\.numbers) == [[1], [3]])
        harness.complete(units[0], .delivered)
        #expect(harness.next()?.numbers == [2])
    }

    @Test func `what is ready goes by the lanes of another order`() throws {
        let harness = WindowHarness(order: .none, concurrency: 1)
        harness.offer([7, 7, 8])
        harness.complete(try #require(harness.next()), .untried)
        reconfigure(harness, neither) { configuration in
            configuration.order = .resource
            configuration.delivery.concurrency = 4
        }
        #expect(harness.launchAll().map(\.numbers) == [[1], [3]])
    }

    @Test func `what waited behind another overtakes nothing under a stricter order`() throws {
        let harness = WindowHarness()
        harness.offer([7, 8, 8, 7])
        let units = harness.launchAll()
        #expect(units.map(\.numbers) == [[1], [2]])
        harness.complete(units[0], .retry("500"))
        // 4 is parked behind 1, while 3 waits for 2, which is in flight.
        #expect(harness.next() == nil)
        harness.complete(units[1], .untried)
        harness.save()
        reconfigure(harness, neither) { $0.order = .strict }
        harness.advance(.seconds(1))
        var delivered: [Int64] = []
        while let unit = harness.next() {
            delivered += unit.numbers
            harness.complete(unit, .delivered)
        }
        #expect(delivered == [1, 2, 3, 4])
        harness.save()
        #expect(harness.counts.delivered == 4)
        #expect(harness.parked.isEmpty)
    }

    @Test func `what waited behind another beyond the cursor is asked for by another filter anew`() throws {
        let harness = WindowHarness()
        harness.offer([8, 7, nil, 7])
        let units = harness.launchAll()
        #expect(units.map(\.numbers) == [[1], [2]])
        harness.complete(units[1], .retry("500"))
        #expect(harness.next() == nil)
        harness.complete(units[0], .untried)
        reconfigure(harness, filter)
        // 3 is wanted now, and 4, which waited behind 2, comes after it; 2 has failed, and keeps its turn.
        harness.reread([8, nil, 7, 7])
        harness.advance(.seconds(1))
        var delivered: [Int64] = []
        while let unit = harness.next() {
            delivered += unit.numbers
            harness.complete(unit, .delivered)
        }
        #expect(delivered == [2, 1, 3, 4])
        harness.save()
        #expect(harness.counts.delivered == 4)
        #expect(harness.counts.filtered == 0)
    }

    @Test func `batches that would wait for one another are taken apart`() throws {
        let harness = WindowHarness(order: .none, mode: .atomic, batch: 2)
        harness.offer([7, 8, 8, 7])
        let units = harness.launchAll()
        #expect(units.map(\.numbers) == [[1, 2], [3, 4]])
        for unit in units { harness.complete(unit, .retry("500")) }
        // 1 and 4 are of one resource, 2 and 3 of the other: by resource each batch holds what the other waits for.
        reconfigure(harness, neither) { $0.order = .resource }
        harness.advance(.seconds(1))
        var delivered: [Int64] = []
        while let unit = harness.next() {
            delivered += unit.numbers
            harness.complete(unit, .delivered)
        }
        #expect(delivered.sorted() == [1, 2, 3, 4])
        #expect(delivered.filter { [1, 4].contains($0) } == [1, 4])
        #expect(delivered.filter { [2, 3].contains($0) } == [2, 3])
    }

    @Test func `a batch keeps its composition for the same destination, and not for one that takes less`() throws {
        let harness = WindowHarness(mode: .atomic, batch: 3)
        harness.offer([1, 2, 3])
        harness.complete(try #require(harness.next()), .retry("500"))
        reconfigure(harness, neither)
        harness.advance(.seconds(1))
        let unit = try #require(harness.next())
        #expect(unit.numbers == [1, 2, 3])
        harness.complete(unit, .retry("500"))
        reconfigure(harness, neither) { $0.delivery.maximumEvents = 2 }
        harness.advance(.seconds(60))
        #expect(harness.next()?.numbers == [1])
    }

    @Test func `a restart under another order finds no batches that wait for one another`() throws {
        let harness = WindowHarness(order: .none, mode: .atomic, batch: 2)
        harness.offer([7, 8, 8, 7])
        for unit in harness.launchAll() { harness.complete(unit, .retry("500")) }
        harness.save()
        harness.restart { $0.order = .resource }
        harness.advance(.seconds(1))
        var delivered: [Int64] = []
        while let unit = harness.next() {
            delivered += unit.numbers
            harness.complete(unit, .delivered)
        }
        #expect(delivered.sorted() == [1, 2, 3, 4])
    }
}
