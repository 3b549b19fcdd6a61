import Martlet
@testable import MartletPipeline
import Testing

/// After an outage only what is current is sent: of each resource the last event, marked; the earlier ones are skipped.
@Suite struct WindowResynchronisationTests {
    private func harness(
        concurrency: Int = 4,
        mode: SinkDelivery.Mode = .independent,
        batch: Int = 1,
        change: (inout DeliveryWindow.Configuration) -> Void = { _ in }
    ) -> WindowHarness {
        WindowHarness(mode: mode, batch: batch, concurrency: concurrency) { configuration in
            configuration.afterOutage = .latest
            configuration.outage = .seconds(30)
            change(&configuration)
        }
    }

    /// Has the destination take nothing for longer than the outage that is configured.
    private func beAway(_ harness: WindowHarness) throws {
        harness.complete(try #require(harness.next()), .unavailable("503"))
        harness.advance(.seconds(61))
    }

    @discardableResult
    private func deliverAll(_ harness: WindowHarness) -> (delivered: [Int64], marked: [Int64]) {
        var delivered: [Int64] = []
        var marked: [Int64] = []
        while let unit = harness.next() {
            delivered += unit.numbers
            marked += unit.resynchronised.map(\.rawValue).sorted()
            harness.complete(unit, .delivered)
        }
        return (delivered, marked)
    }

    @Test func `of each resource the last event is sent, marked and in log order, and the rest is skipped`() throws {
        let harness = harness()
        harness.offer([1, 2])
        try beAway(harness)
        harness.offer([1, 3, nil, 2, 1, 0])
        let sent = deliverAll(harness)
        #expect(sent.delivered == [4, 6, 7, 8])
        #expect(sent.marked == [4, 6, 7], "An event without a resource stands for itself alone.")
        harness.save()
        #expect(harness.counts.delivered == 4)
        #expect(harness.counts.skipped == 3)
        #expect(harness.counts.filtered == 1)
        #expect(harness.cursor.rawValue == 8)
        #expect(harness.resynchronisation == nil)
        #expect(harness.told == [Resynchronisation(from: .zero, through: Position(rawValue: 8), skipped: 3)])
    }

    @Test func `what comes after the destination is back is sent one by one`() throws {
        let harness = harness()
        harness.offer([1, 1])
        try beAway(harness)
        let probe = try #require(harness.next())
        #expect(probe.numbers == [2])
        harness.offer([1, 1])
        harness.complete(probe, .delivered)
        let sent = deliverAll(harness)
        #expect(sent.delivered == [3, 4])
        #expect(sent.marked.isEmpty)
    }

    @Test func `a short outage is none, and everything is sent`() throws {
        let harness = harness()
        harness.offer([1, 1, 1])
        harness.complete(try #require(harness.next()), .unavailable("503"))
        harness.advance(.seconds(29))
        let sent = deliverAll(harness)
        #expect(sent.delivered == [1, 2, 3])
        #expect(sent.marked.isEmpty)
        harness.save()
        #expect(harness.counts.skipped == 0)
        #expect(harness.told.isEmpty)
    }

    @Test func `where all is wanted that was missed, nothing is skipped after an outage`() throws {
        let harness = harness { $0.afterOutage = .replay }
        harness.offer([1, 1, 1])
        try beAway(harness)
        #expect(deliverAll(harness).delivered == [1, 2, 3])
    }

    @Test func `what comes while it is away moves the end, until it takes something`() throws {
        let harness = harness()
        harness.offer([1, 2])
        for _ in 0..<3 {
            try beAway(harness)
            harness.offer([1, 2])
        }
        let sent = deliverAll(harness)
        #expect(sent.delivered == [7, 8])
        #expect(sent.marked == [7, 8])
        harness.save()
        #expect(harness.counts.skipped == 6)
        #expect(harness.told.map(\.skipped) == [6])
    }

    @Test func `when it is away again before all is sent, what came meanwhile is part of it`() throws {
        let harness = harness(concurrency: 1)
        harness.offer([1, 2, 3])
        try beAway(harness)
        let probe = try #require(harness.next())
        #expect(probe.numbers == [2])
        harness.complete(probe, .delivered)
        harness.complete(try #require(harness.next()), .delivered)
        harness.complete(try #require(harness.next()), .unavailable("503"))
        harness.offer([2, 3, 3])
        harness.advance(.seconds(2))
        let sent = deliverAll(harness)
        #expect(sent.delivered == [4, 6], "However short it was: it is not over.")
        harness.save()
        #expect(harness.counts.skipped == 2)
    }

    @Test func `what is parked is sent for itself, and what waits behind it is the last one`() throws {
        let harness = harness()
        harness.offer([7, 8])
        let units = harness.launchAll()
        harness.complete(units[0], .retry("500"))
        harness.complete(units[1], .unavailable("503"))
        harness.save()
        harness.offer([7, 7])
        harness.advance(.seconds(61))
        let sent = deliverAll(harness)
        #expect(sent.delivered.sorted() == [1, 2, 4])
        #expect(sent.delivered.firstIndex(of: 1) ?? 9 < sent.delivered.firstIndex(of: 4) ?? 0)
        #expect(sent.marked.sorted() == [2, 4])
        harness.save()
        #expect(harness.counts.skipped == 1)
    }

    @Test func `the mark outlives failures and a restart`() throws {
        let harness = harness()
        harness.offer([1, 1])
        try beAway(harness)
        harness.complete(try #require(harness.next()), .retry("500"))
        harness.save()
        #expect(harness.parked.values.map(\.isResynchronised) == [true])
        harness.restart()
        harness.advance(.seconds(60))
        let unit = try #require(harness.next())
        #expect(unit.numbers == [2])
        #expect(unit.resynchronised == [Position(rawValue: 2)])
    }

    @Test func `a restart in the middle goes on with the same stretch`() throws {
        let harness = harness(concurrency: 1)
        harness.offer([1, 2, 1, 2, 3, 3])
        try beAway(harness)
        harness.complete(try #require(harness.next()), .delivered)
        harness.save()
        #expect(harness.cursor.rawValue == 3)
        #expect(harness.resynchronisation?.through.rawValue == 6)
        harness.restart()
        harness.reread([2, 3, 3])
        harness.offer([2])
        let sent = deliverAll(harness)
        #expect(sent.delivered == [4, 6, 7], "What came after the end goes by itself.")
        #expect(sent.marked == [4, 6])
        harness.save()
        #expect(harness.counts.skipped == 3)
        #expect(harness.counts.delivered == 4)
        #expect(harness.told.map(\.skipped) == [3], "What was skipped before the restart is counted, too.")
    }

    @Test func `a failed save loses nothing of the stretch`() throws {
        let harness = harness()
        harness.offer([1, 1, 2])
        try beAway(harness)
        let unit = try #require(harness.next())
        let taken = harness.window.takeProgress()
        let progress = try #require(taken)
        #expect(progress.resynchronisation != nil)
        harness.window.restore(progress)
        harness.save()
        #expect(harness.resynchronisation?.skipped == 1)
        harness.complete(unit, .delivered)
        deliverAll(harness)
        harness.save()
        #expect(harness.resynchronisation == nil)
    }

    @Test func `a pause is no outage, and an outage is not ended by a pause`() throws {
        let paused = harness()
        paused.offer([1, 1])
        paused.window.setPause(Pause(cause: .requested, reason: "maintenance"))
        paused.advance(.seconds(3_600))
        paused.window.resume()
        #expect(deliverAll(paused).delivered == [1, 2])

        let away = harness()
        away.offer([1, 1])
        try beAway(away)
        away.window.setPause(Pause(cause: .requested, reason: "maintenance"))
        away.window.resume()
        #expect(deliverAll(away).delivered == [2])
    }

    @Test(arguments: [Pause.Cause.gone, .unavailable])
    func `a destination that was given up was away, even for a process before this one`(_ cause: Pause.Cause) {
        let harness = harness()
        harness.window.setPause(Pause(cause: cause, reason: "410"))
        harness.save()
        harness.restart()
        harness.offer([1, 1])
        harness.window.resume()
        #expect(deliverAll(harness).delivered == [2])
    }

    @Test func `a reload that asks for everything sends what has not been skipped yet`() throws {
        let harness = harness(concurrency: 1)
        harness.offer([1, 2, 2, 1, 2])
        try beAway(harness)
        let probe = try #require(harness.next())
        #expect(probe.numbers == [4])
        harness.complete(probe, .untried)
        harness.offer([2, 1])
        var configuration = harness.window.configuration
        configuration.afterOutage = .replay
        let change = DeliveryWindow.Reconfiguration(filterChanged: false, destinationChanged: false)
        harness.window.reconfigure(configuration, change, now: harness.now)
        let sent = deliverAll(harness)
        #expect(sent.delivered == [4, 5, 6, 7])
        #expect(sent.marked.isEmpty)
        harness.save()
        #expect(harness.counts.skipped == 3)
        #expect(harness.resynchronisation == nil)
        #expect(harness.told.map(\.skipped) == [3])
    }

    @Test func `a reload that asks for what is current applies to an outage that has begun`() throws {
        let harness = harness { $0.afterOutage = .replay }
        harness.offer([1, 1])
        try beAway(harness)
        var configuration = harness.window.configuration
        configuration.afterOutage = .latest
        let change = DeliveryWindow.Reconfiguration(filterChanged: false, destinationChanged: false)
        harness.window.reconfigure(configuration, change, now: harness.now)
        #expect(deliverAll(harness).delivered == [2])
    }

    @Test func `another filter in the middle decides anew which event is the last one`() throws {
        let harness = harness(concurrency: 1)
        harness.offer([1, 2, 1, 2])
        try beAway(harness)
        let probe = try #require(harness.next())
        #expect(probe.numbers == [3])
        harness.complete(probe, .untried)
        let change = DeliveryWindow.Reconfiguration(filterChanged: true, destinationChanged: false)
        harness.window.reconfigure(harness.window.configuration, change, now: harness.now)
        harness.save()
        #expect(harness.cursor.rawValue == 2)
        // Now 4 is not wanted; 2, which it took the place of, has been passed.
        harness.reread([1, nil])
        let sent = deliverAll(harness)
        #expect(sent.delivered == [3])
        harness.save()
        #expect(harness.counts.skipped == 2)
        #expect(harness.counts.filtered == 1)
    }

    @Test func `retention that overtakes it ends it, and nothing is counted twice`() throws {
        let harness = harness(concurrency: 1)
        harness.offer([1, 2, 1, 2, 3])
        try beAway(harness)
        #expect(harness.next()?.numbers == [3])
        harness.skip(through: 5)
        harness.window.complete(2, .whole(.untried), now: harness.moment, random: 0)
        harness.save()
        #expect(harness.counts.skipped == 5)
        #expect(harness.cursor.rawValue == 5)
        #expect(harness.resynchronisation == nil)
    }

    @Test func `a redelivery beside it keeps its own mark`() throws {
        let harness = harness(concurrency: 1)
        harness.offer([1])
        harness.complete(try #require(harness.next()), .reject("400"))
        harness.save()
        harness.offer([2, 2])
        try beAway(harness)
        harness.window.redeliver([(id: 1, position: Position(rawValue: 1))], now: harness.now)
        let first = try #require(harness.next())
        #expect(first.numbers == [1])
        #expect(first.isRedelivery)
        #expect(first.resynchronised.isEmpty)
        harness.complete(first, .delivered)
        #expect(harness.next()?.resynchronised == [Position(rawValue: 3)])
    }

    @Test func `nothing goes before it is known whether a later one takes its place`() throws {
        let harness = harness()
        harness.offer([1, 1])
        try beAway(harness)
        let hasBegun = harness.window.beginResynchronisation(head: Position(rawValue: 2), now: harness.moment)
        #expect(hasBegun)
        let early = harness.window.next(now: harness.moment)
        #expect(early == nil)
        let examination = try #require(harness.window.examination)
        #expect(examination.candidates.map(\.position.rawValue) == [1, 2])
        harness.window.finish(examination, superseded: [Position(rawValue: 1)])
        let unit = harness.window.next(now: harness.moment)
        #expect(unit?.numbers == [2])
    }

    @Test func `batches hold what is current only`() throws {
        let harness = harness(concurrency: 1, mode: .atomic, batch: 3)
        harness.offer([1, 2, 3, 1, 2, 3])
        try beAway(harness)
        let unit = try #require(harness.next())
        #expect(unit.numbers == [4, 5, 6])
        #expect(unit.resynchronised.count == 3)
        harness.complete(unit, .retry("500"))
        harness.advance(.seconds(60))
        let again = try #require(harness.next())
        #expect(again.numbers == [4, 5, 6])
        #expect(again.resynchronised.count == 3)
    }

    @Test func `what was skipped takes no room in the window`() throws {
        let harness = harness { $0.lookahead = 4 }
        harness.offer([1])
        try beAway(harness)
        harness.offer([1, 1, 1, 1, 1])
        #expect(!harness.window.wantsMore)
        #expect(harness.next()?.numbers == [6])
        #expect(harness.window.wantsMore)
    }
}
