import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletPipeline

@Suite struct UnitDeliveryTests {
    private let rig = ReplayRig()

    private func id(of positions: [Int64]) async throws -> String {
        let sink = ReplaySink(SinkDelivery(mode: .atomic, maximumEvents: 10, concurrency: 1))
        let delivery = UnitDelivery(gate: Gate(), body: .event, sink: sink, store: rig.store)
        let unit = DeliveryWindow.Unit(
            id: 1,
            positions: positions.map { Position(rawValue: $0) },
            attempts: 0,
            isRedelivery: false
        )
        _ = await delivery.deliver(unit, cached: [])
        return try #require(sink.batches.first).id
    }

    /// Who remembers ids drops what it takes for a repetition: other events must never come under the same.
    @Test func `a batch's id names these events and no others`() async throws {
        try await rig.commit((1...9).map { "\($0)" })
        let ids = try await [[5, 7, 8, 9], [5, 6, 7, 8], [5, 6, 8, 9], [5], [5, 6]].asyncMap { try await id(of: $0) }
        #expect(Set(ids).count == ids.count)
        #expect(try await id(of: [5, 7, 8, 9]) == ids[0])
        #expect(ids[3].hasSuffix("-5"))
        #expect(ids[0].contains("-5+3-"))
    }

    /// The payloads here are of 34 bytes.
    @Test(arguments: [(1, 1), (34, 1), (67, 1), (68, 2), (17 * 34, 17), (20 * 34, 20)])
    func `of a unit that may be cut as much is read and sent as goes out together`(bytes: Int, count: Int) async throws
    {
        try await rig.commit((1...20).map { "\($0)" })
        let sink = ReplaySink(SinkDelivery(mode: .atomic, maximumEvents: 100, maximumBytes: bytes, concurrency: 1))
        let delivery = UnitDelivery(gate: Gate(), body: .event, sink: sink, store: rig.store)
        var unit = DeliveryWindow.Unit(
            id: 1,
            positions: (1...21).map { Position(rawValue: $0) },
            attempts: 0,
            isRedelivery: false
        )
        unit.mayBeCut = true
        let answer = await delivery.deliver(unit, cached: [])
        #expect(answer.outcome == .whole(.delivered))
        #expect(sink.batches.map(\.events.count) == [count])
        #expect(answer.left.count == 20 - count + (count < 20 ? 1 : 0))
        #expect(answer.left.allSatisfy { $0.rawValue > count })
        #expect(answer.lost == (count < 20 ? [] : [Position(rawValue: 21)]), "The last one is not in the log.")
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
