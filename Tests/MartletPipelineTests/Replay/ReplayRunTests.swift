import Martlet
import MartletPipeline
import MartletTesting
import Testing

/// One replay, from the log to the sink.
@Suite struct ReplayRunTests {
    private let rig = ReplayRig()

    @Test func `a range is delivered in order, marked, and its numbers add up`() async throws {
        try await rig.commit(["1", "2:vm", "3:vm"])
        try await rig.commit(["x"], topic: "other.b")
        try await rig.commit(["5:vm", "6"])
        let sink = ReplaySink()
        var destination = ReplayDestination.to(sink)
        destination.filters = [EventFilter(matches: [.init(pattern: try TopicPattern("a.#"))])]
        let id = try await rig.make(2...5).id
        let ending = try await rig.makeRun(id, destination).run()
        #expect(ending == .finished)
        #expect(sink.ids == ["2", "3", "5"])
        #expect(sink.texts.allSatisfy { $0.contains(#""replay":true"#) })
        #expect(sink.closeCount == 1)
        let record = try await rig.record(id)
        #expect(record.state == .finished && record.ended == rig.time.now)
        #expect(record.total == 4 && record.scanned == 4 && record.pending == 0)
        #expect(record.counts.delivered == 3 && record.counts.filtered == 1 && record.matched == 3)
    }

    @Test func `no forwarder's numbers change`() async throws {
        let forwarder = try await rig.store.openForwarder(name: "f", start: .zero)
        try await rig.commit(["1", "2"])
        let before = try await rig.store.forwarderStatuses()
        let sink = ReplaySink { _, number in number == 1 ? .reject("400") : .delivered }
        let id = try await rig.make(1...2).id
        _ = try await rig.makeRun(id, .to(sink)).run()
        let after = try await rig.store.forwarderStatuses()
        #expect(after.map(\.counts) == before.map(\.counts) && after.map(\.pending) == before.map(\.pending))
        #expect(after.map(\.id) == [forwarder.id])
        #expect(try await rig.store.deadLetters(forwarder: nil, after: 0, limit: 9).isEmpty)
    }

    @Test func `what fails for good is kept with the replay`() async throws {
        try await rig.commit(["1", "2", "3"])
        let sink = ReplaySink { batch, _ in batch.events[0].event.id == "2" ? .reject("HTTP 400") : .delivered }
        let id = try await rig.make(1...3).id
        let ending = try await rig.makeRun(id, .to(sink)).run()
        #expect(ending == .finished)
        let record = try await rig.record(id)
        #expect(record.counts.delivered == 2 && record.counts.dead == 1 && record.pending == 0)
        let failures = try await rig.store.replayFailures(id, after: 0, limit: 9)
        #expect(failures.map(\.stored.position.rawValue) == [2])
        #expect(failures.map(\.reason) == ["HTTP 400"])
    }

    @Test func `a failing event is tried again when it is due, and holds back its resource only`() async throws {
        try await rig.commit(["1:a", "2:a", "3:b"])
        let sink = ReplaySink { _, number in number == 1 ? .retry("500") : .delivered }
        let id = try await rig.make(1...3).id
        let run = try await rig.makeRun(id, .to(sink))
        async let ending = run.run()
        await sink.wait(for: 2)
        #expect(sink.ids == ["1", "3"])
        #expect(run.activity == .retrying)
        while sink.ids.count < 4 {
            // With the last deliveries on their way nobody sleeps.
            if rig.time.sleeperCount > 0 { rig.time.advance(by: .milliseconds(250)) }
            await Task.yield()
        }
        #expect(await ending == .finished)
        #expect(sink.ids == ["1", "3", "1", "2"])
        #expect(sink.batches[0].id == sink.batches[2].id, "A repeated batch keeps its id.")
    }

    @Test func `no more go than the rate allows`() async throws {
        try await rig.commit((1...30).map { "\($0)" })
        let sink = ReplaySink()
        let start = rig.time.now
        let id = try await rig.make(1...30, rate: 10).id
        async let ending = try rig.makeRun(id, .to(sink)).run()
        while sink.ids.count < 30 {
            let elapsed = (rig.time.now - start).inSeconds
            #expect(Double(sink.ids.count) <= 10 * elapsed + 2)
            if rig.time.sleeperCount > 0 { rig.time.advance(by: .milliseconds(50)) }
            await Task.yield()
        }
        #expect(try await ending == .finished)
        #expect((rig.time.now - start).inSeconds >= 2.8)
    }

    @Test(.timeLimit(.minutes(1))) func `it waits for nothing that has come while it looked`() async throws {
        // By a clock that moves with every look at it, a wait is over now and then just before it has begun.
        try await rig.commit((1...2_000).map { "\($0)" })
        let id = try await rig.make(1...2_000, rate: 9_000).id
        let sink = ReplaySink { _, number in number.isMultiple(of: 3) ? .unavailable("busy") : .delivered }
        var destination = ReplayDestination.to(sink)
        destination.retry.initialDelay = .microseconds(90)
        destination.retry.factor = 1
        let run = ReplayRun(
            try await rig.record(id),
            parked: [],
            destination: destination,
            store: rig.store,
            time: RestlessTime(),
            logger: rig.logger
        )
        #expect(await run.run() == .finished)
        #expect(try await rig.record(id).counts.delivered == 2_000)
    }

    @Test(.timeLimit(.minutes(1))) func `what is due while the rate lets nothing go is not looked for all the time`()
        async throws
    {
        try await rig.commit((1...20).map { "\($0)" })
        let id = try await rig.make(1...20, rate: 1).id
        let sink = ReplaySink { _, number in number <= 10 ? .unavailable("busy") : .delivered }
        var destination = ReplayDestination.to(sink)
        destination.retry.initialDelay = .microseconds(90)
        destination.retry.factor = 1
        let time = RestlessTime()
        let run = ReplayRun(
            try await rig.record(id),
            parked: [],
            destination: destination,
            store: rig.store,
            time: time,
            logger: rig.logger
        )
        #expect(await run.run() == .finished)
        // Thirty attempts, a second each, and what is saved four times a second.
        #expect(time.sleepCount < 300)
    }

    @Test func `a batch is never larger than a tenth of a second's events`() async throws {
        try await rig.commit((1...40).map { "\($0)" })
        let sink = ReplaySink(SinkDelivery(mode: .atomic, maximumEvents: 1_000))
        let id = try await rig.make(1...40, rate: 100).id
        async let ending = try rig.makeRun(id, .to(sink)).run()
        await rig.time.advance(by: .milliseconds(50)) { sink.ids.count >= 40 }
        #expect(try await ending == .finished)
        #expect(sink.batches.map(\.events.count).max() == 10)
        #expect(sink.batches[0].id.hasPrefix("00000000-replay-\(id)-1+9-"))
    }

    @Test func `a run that is stopped goes on where it was, and repeats no more than was not saved`() async throws {
        try await rig.commit((1...20).map { "\($0)" })
        let id = try await rig.make(1...20, rate: 10).id
        let first = ReplaySink()
        let run = try await rig.makeRun(id, .to(first))
        async let ending = run.run()
        await rig.time.advance(by: .milliseconds(50)) { first.ids.count >= 7 }
        run.stop()
        #expect(await ending == .stopped)
        let record = try await rig.record(id)
        #expect(record.state == .running)
        #expect(record.counts.delivered == Int64(first.ids.count))
        let second = ReplaySink()
        async let end = try rig.makeRun(id, .to(second)).run()
        await rig.time.advance(by: .milliseconds(100)) { second.ids.count >= 20 - first.ids.count }
        #expect(try await end == .finished)
        #expect(first.ids + second.ids == (1...20).map { "\($0)" })
    }

    @Test func `what was not saved when the process died is repeated, and nothing is skipped`() async throws {
        try await rig.commit((1...6).map { "\($0):vm\($0)" })
        let id = try await rig.make(1...6).id
        // The third fails; then the store takes nothing more, as if the process had ended there.
        let store = rig.store
        let first = ReplaySink { batch, number in
            if number == 4 { store.writeFailure = StoreError(.inputOutput, "gone") }
            return batch.events[0].event.id == "3" ? .retry("500") : .delivered
        }
        let run = try await rig.makeRun(id, .to(first))
        async let ending = run.run()
        await first.wait(for: 6)
        run.stop()
        #expect(await ending == .stopped, "The end of it could not be saved.")
        rig.store.writeFailure = nil
        let second = ReplaySink()
        async let end = try rig.makeRun(id, .to(second)).run()
        while try await rig.record(id).state == .running {
            rig.time.advance(by: .milliseconds(250))
            await Task.yield()
        }
        #expect(try await end == .finished)
        #expect(Set(first.ids.filter { $0 != "3" } + second.ids) == Set((1...6).map { "\($0)" }))
        let record = try await rig.record(id)
        #expect(record.counts.delivered == 6 && record.pending == 0)
    }

    @Test func `parked events survive the end of a run, with their attempts`() async throws {
        try await rig.commit(["1:a", "2:a"])
        let id = try await rig.make(1...2).id
        let first = ReplaySink { _, _ in .retry("500") }
        let run = try await rig.makeRun(id, .to(first))
        async let ending = run.run()
        await first.wait(for: 1)
        while run.activity != .retrying { await Task.yield() }
        run.stop()
        #expect(await ending == .stopped)
        let parked = try await rig.store.parkedDeliveries(of: id)
        #expect(parked.first?.attempts == 1 && parked.first?.reason == "500")
        rig.time.advance(by: .seconds(2))
        let second = ReplaySink()
        #expect(try await rig.makeRun(id, .to(second)).run() == .finished)
        #expect(second.ids == ["1", "2"])
    }

    @Test func `what has been removed from the log is skipped, and said`() async throws {
        try await rig.commit((1...10).map { "\($0)" })
        let id = try await rig.make(1...9).id
        try rig.store.removeEvents(Position(rawValue: 1)...Position(rawValue: 3))
        try rig.store.removeEvents(Position(rawValue: 6)...Position(rawValue: 6))
        try rig.store.removeEvents(Position(rawValue: 9)...Position(rawValue: 9))
        let sink = ReplaySink()
        #expect(try await rig.makeRun(id, .to(sink)).run() == .finished)
        #expect(sink.ids == ["4", "5", "7", "8"])
        let record = try await rig.record(id)
        #expect(record.counts.skipped == 5 && record.counts.filtered == 0 && record.counts.delivered == 4)
        #expect(record.pending == 0)
    }

    @Test func `a destination that is gone pauses the replay, which can be resumed`() async throws {
        try await rig.commit(["1", "2"])
        let id = try await rig.make(1...2).id
        #expect(try await rig.makeRun(id, .to(ReplaySink { _, _ in .gone("410 Gone") })).run() == .paused)
        let record = try await rig.record(id)
        #expect(record.state == .paused && record.pause == Pause(cause: .gone, reason: "410 Gone"))
        #expect(try await rig.store.setReplay(id, to: .running, pause: nil, at: rig.time.now))
        let sink = ReplaySink()
        #expect(try await rig.makeRun(id, .to(sink)).run() == .finished)
        #expect(sink.ids == ["1", "2"])
    }

    @Test func `an unavailable destination is waited for, and no attempt is spent`() async throws {
        try await rig.commit(["1"])
        let id = try await rig.make(1...1).id
        let sink = ReplaySink { _, number in number < 6 ? .unavailable("refused") : .delivered }
        let run = try await rig.makeRun(id, .to(sink, attempts: 2))
        async let ending = run.run()
        await sink.wait(for: 1)
        while sink.ids.count < 6 {
            rig.time.advance(by: .seconds(1))
            await Task.yield()
        }
        #expect(await ending == .finished)
        #expect(try await rig.record(id).counts.delivered == 1)
    }

    @Test func `protected fields do not leave by a replay`() async throws {
        try await rig.commit(["1"])
        let sink = ReplaySink()
        var destination = ReplayDestination.to(sink)
        destination.gate = Gate(Protection(audience: .user, drop: [try FieldPattern("password")], mask: []))
        let id = try await rig.make(1...1).id
        _ = try await rig.makeRun(id, destination).run()
        #expect(sink.texts.count == 1)
        #expect(sink.texts.allSatisfy { !$0.contains("LEAK") && $0.contains("shown") })
    }
}
