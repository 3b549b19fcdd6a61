import Martlet
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// The replays of a server: made, run beside each other, paused, resumed, cancelled, taken up again.
@Suite struct ReplaysTests {
    /// Hands out the sinks that a test has made, by what stands in the definition.
    private final class Destinations: ReplayDefinitionReader {
        private let sinks: Mutex<[String: ReplaySink]>

        init(_ sinks: [String: ReplaySink]) { self.sinks = Mutex(sinks) }

        func set(_ name: String, _ sink: ReplaySink?) { sinks.withLock { $0[name] = sink } }

        func outline(of definition: [UInt8]) throws(ReplayError) -> ReplayOutline {
            ReplayOutline(forwarder: "f", sink: "test", filters: [])
        }

        func destination(for definition: [UInt8], name: String) throws(ReplayError) -> ReplayDestination {
            guard let sink = sinks.withLock({ $0[String(decoding: definition, as: UTF8.self)] }) else {
                throw ReplayError(.unknownForwarder, "There is no such forwarder.")
            }
            return .to(sink)
        }

        func redacted(_ definition: [UInt8]) -> [UInt8] { definition }
    }

    private let rig = ReplayRig()

    private func draft(_ name: String, through last: Int64, rate: Int? = nil) -> ReplayDraft {
        ReplayDraft(
            definition: Array(name.utf8),
            forwarder: name,
            sink: "test",
            range: Position(rawValue: 1)...Position(rawValue: last),
            rate: rate,
            note: nil,
            created: rig.time.now
        )
    }

    private func run(_ destinations: Destinations, _ body: (Replays) async throws -> Void) async throws {
        let replays = Replays(store: rig.store, definitions: destinations, time: rig.time, logger: rig.logger)
        try await withThrowingTaskGroup { group in
            group.addTask { await replays.run() }
            do { try await body(replays) } catch {
                replays.stop()
                throw error
            }
            replays.stop()
            try await group.waitForAll()
        }
    }

    /// Moves the clock until a replay is in a state.
    private func wait(for id: ReplayID, _ state: ReplayState) async throws {
        while try await rig.record(id).state != state {
            rig.time.advance(by: .milliseconds(50))
            await Task.yield()
        }
    }

    @Test func `several run beside each other, each to its end`() async throws {
        try await rig.commit((1...5).map { "\($0)" })
        let (a, b) = (ReplaySink(), ReplaySink { _, _ in .unavailable("down") })
        try await run(Destinations(["a": a, "b": b])) { replays in
            let dead = try await replays.create(draft("b", through: 5)).id
            let alive = try await replays.create(draft("a", through: 5)).id
            try await wait(for: alive, .finished)
            #expect(a.ids == ["1", "2", "3", "4", "5"])
            #expect(try await rig.record(dead).state == .running)
            await b.wait(for: 1)
            #expect(replays.activity(of: dead) == .unavailable)
            #expect(replays.activity(of: alive) == nil)
        }
    }

    @Test func `what ran when the process ended goes on with the next`() async throws {
        try await rig.commit((1...10).map { "\($0)" })
        let sink = ReplaySink()
        let destinations = Destinations(["a": sink])
        var id: ReplayID?
        try await run(destinations) { replays in
            id = try await replays.create(draft("a", through: 10, rate: 10)).id
            while sink.ids.count < 4 {
                rig.time.advance(by: .milliseconds(50))
                await Task.yield()
            }
        }
        let left = try #require(id)
        #expect(try await rig.record(left).state == .running)
        try await run(destinations) { _ in try await wait(for: left, .finished) }
        #expect(sink.ids == (1...10).map { "\($0)" })
        #expect(sink.closeCount == 2)
    }

    @Test func `a paused replay sends nothing, also in the next life, until it is resumed`() async throws {
        try await rig.commit((1...10).map { "\($0)" })
        let sink = ReplaySink()
        let destinations = Destinations(["a": sink])
        var id: ReplayID?
        try await run(destinations) { replays in
            let made = try await replays.create(draft("a", through: 10, rate: 10)).id
            id = made
            while sink.ids.count < 3 {
                rig.time.advance(by: .milliseconds(50))
                await Task.yield()
            }
            try await replays.pause(made, reason: "by hand")
            #expect(try await rig.record(made).pause == Pause(cause: .requested, reason: "by hand"))
            #expect(sink.closeCount == 1, "Nothing of it is left when the decision is answered.")
        }
        let paused = try #require(id)
        let count = sink.ids.count
        try await run(destinations) { replays in
            rig.time.advance(by: .seconds(60))
            #expect(replays.activity(of: paused) == nil && sink.ids.count == count)
            try await replays.resume(paused)
            try await wait(for: paused, .finished)
        }
        #expect(sink.ids == (1...10).map { "\($0)" })
    }

    @Test func `a cancelled replay ends where it is, and nothing can be decided about it any more`() async throws {
        try await rig.commit((1...10).map { "\($0)" })
        let sink = ReplaySink()
        try await run(Destinations(["a": sink])) { replays in
            let id = try await replays.create(draft("a", through: 10, rate: 10)).id
            await sink.wait(for: 1)
            try await replays.cancel(id)
            let record = try await rig.record(id)
            #expect(record.state == .cancelled && record.ended != nil)
            #expect(record.counts.delivered == Int64(sink.ids.count) && record.pending > 0)
            let error = await #expect(throws: ReplayError.self) { try await replays.resume(id) }
            #expect(error?.code == .conflict)
            let unknown = await #expect(throws: ReplayError.self) {
                try await replays.pause(ReplayID(rawValue: 99), reason: "")
            }
            #expect(unknown?.code == .unknown)
        }
    }

    @Test func `a replay whose forwarder is gone pauses, and goes on when it is back`() async throws {
        try await rig.commit(["1"])
        let destinations = Destinations([:])
        try await run(destinations) { replays in
            let id = try await replays.create(draft("a", through: 1)).id
            try await wait(for: id, .paused)
            #expect(try await rig.record(id).pause?.reason == "There is no such forwarder.")
            let sink = ReplaySink()
            destinations.set("a", sink)
            try await replays.resume(id)
            try await wait(for: id, .finished)
            #expect(sink.ids == ["1"])
        }
    }

    @Test func `after a change of the configuration it goes on with what is configured now`() async throws {
        try await rig.commit((1...10).map { "\($0)" })
        let (before, after) = (ReplaySink(), ReplaySink())
        let destinations = Destinations(["a": before])
        try await run(destinations) { replays in
            let id = try await replays.create(draft("a", through: 10, rate: 10)).id
            while before.ids.count < 4 {
                rig.time.advance(by: .milliseconds(50))
                await Task.yield()
            }
            destinations.set("a", after)
            replays.configurationChanged(of: ["another"])
            replays.configurationChanged(of: ["a"])
            try await wait(for: id, .finished)
        }
        #expect(before.ids + after.ids == (1...10).map { "\($0)" })
        #expect(!after.ids.isEmpty && before.closeCount == 1)
    }

    @Test func `no more run at once than may`() async throws {
        try await rig.commit(["1"])
        let sink = ReplaySink { _, _ in .unavailable("down") }
        try await run(Destinations(["a": sink])) { replays in
            for _ in 0..<Replays.maximumRunning { _ = try await replays.create(draft("a", through: 1)) }
            let error = await #expect(throws: ReplayError.self) { _ = try await replays.create(draft("a", through: 1)) }
            #expect(error?.code == .tooMany)
        }
    }
}
