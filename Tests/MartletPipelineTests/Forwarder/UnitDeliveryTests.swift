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
}

extension Array {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
