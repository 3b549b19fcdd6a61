import Martlet
import MartletPipeline
import MartletTesting
import Testing

/// Where a replay begins and ends, as people say it.
@Suite struct ReplayRangeTests {
    private let rig = ReplayRig()
    private static let now = Timestamp(seconds: 2_000_000_000)

    @Test(arguments: [
        ("17", ReplayBound.position(Position(rawValue: 17))),
        ("2033-05-18T03:33:20Z", .time(now)),
        ("90s", .time(Timestamp(seconds: 1_999_999_910))),
        ("earliest", .edge),
    ])
    func `a bound is a position, a time, a duration back from now, or the edge`(_ text: String, _ bound: ReplayBound) {
        #expect(ReplayBound(text, edge: ["earliest"], now: Self.now) == bound)
    }

    @Test(arguments: ["", "-1", "yesterday", "now", "1.5h"])
    func `anything else is none`(_ text: String) {
        #expect(ReplayBound(text, edge: ["earliest"], now: Self.now) == nil)
    }

    /// Six events, two in each second.
    private func fill() async throws -> Timestamp {
        let start = rig.time.now
        for _ in 0..<3 {
            try await rig.commit(["a", "b"].map { "\($0)\(rig.time.now.nanoseconds)" })
            rig.time.advance(by: .seconds(1))
        }
        return start
    }

    @Test func `positions are included, and of times the second is not`() async throws {
        let start = try await fill()
        func range(_ from: ReplayBound, _ to: ReplayBound) async throws -> ClosedRange<Int64> {
            let range = try await rig.store.replayRange(from: from, to: to)
            return range.lowerBound.rawValue...range.upperBound.rawValue
        }
        #expect(try await range(.position(Position(rawValue: 2)), .position(Position(rawValue: 5))) == 2...5)
        #expect(try await range(.position(.zero), .edge) == 1...6)
        #expect(try await range(.time(start + .seconds(1)), .time(start + .seconds(2))) == 3...4)
        #expect(try await range(.edge, .time(start + .seconds(9))) == 1...6)
        try rig.store.removeEvents(Position(rawValue: 1)...Position(rawValue: 3))
        #expect(try await range(.edge, .edge) == 4...6)
    }

    @Test func `an empty range is refused, and says why`() async throws {
        let empty = await #expect(throws: ReplayError.self) {
            _ = try await rig.store.replayRange(from: .edge, to: .edge)
        }
        #expect(empty?.reason == "The log is empty.")
        let start = try await fill()
        func reason(_ from: ReplayBound, _ to: ReplayBound) async -> String? {
            await #expect(throws: ReplayError.self) { _ = try await rig.store.replayRange(from: from, to: to) }?.reason
        }
        let positions: (Int64, Int64) = (5, 2)
        #expect(
            await reason(.position(Position(rawValue: positions.0)), .position(Position(rawValue: positions.1)))
                == "“from” (5) lies after “to” (2)."
        )
        #expect(await reason(.edge, .position(Position(rawValue: 7))) == "“to” is 7, and the log ends at 6.")
        #expect(
            await reason(.time(start + .seconds(9)), .edge) == "“from” lies after the last event of the log, 6."
        )
        #expect(
            await reason(.time(start + .seconds(2)), .time(start)) == "There are no events from “from” to “to”."
        )
    }

    @Test func `counting goes on where the last answer ended, and counts each event once`() async throws {
        try await rig.commit((1...21_000).map { "\($0)" })
        try await rig.commit(["x"], topic: "other.b")
        try rig.store.removeEvents(Position(rawValue: 5)...Position(rawValue: 6))
        let filter = EventFilter(matches: [.init(pattern: try TopicPattern("a.#"))])
        let end = Position(rawValue: 21_001)
        var counts: [ReplayCount] = []
        repeat {
            counts.append(
                try await ReplayCount(
                    after: counts.last?.scanned ?? .zero,
                    through: end,
                    filters: [filter],
                    in: rig.store
                )
            )
        } while counts.last.map { $0.scanned < end } ?? false
        #expect(counts.count == 2)
        #expect(counts.map(\.matched).reduce(0, +) == 20_998)
        #expect(counts.map(\.filtered).reduce(0, +) == 1)
        #expect(counts.map(\.removed).reduce(0, +) == 2)
    }
}
