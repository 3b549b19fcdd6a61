import Martlet
import MartletTesting
import Testing

@testable import MartletPipeline

@Suite struct HeldEventsTests {
    private func event(_ position: Int64) -> StoredEvent {
        var fields = Event.Fields(
            id: "\(position)",
            source: "s",
            type: "t",
            cloud: "c",
            topic: Topic(text: "t"),
            payload: Payload(json: [])
        )
        fields.position = Position(rawValue: position)
        return StoredEvent(event: Event(fields: fields), resourceKey: nil, changes: nil)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `it holds what a dictionary would, however it comes and goes`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var held = HeldEvents()
        var model: [Int64: String] = [:]
        var last: Int64 = 0
        for _ in 0..<2_000 {
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<9:
                last += Int64.random(in: 1...3, using: &random)
                held.insert(event(last))
                model[last] = "\(last)"
            case 9:
                let again = Int64.random(in: 1...last + 1, using: &random)
                held.insert(event(again))
                model[again] = "\(again)"
                last = max(last, again)
            case 10..<19:
                // What has left may leave again.
                let any = Int64.random(in: 0...last + 1, using: &random)
                let position = Bool.random(using: &random) ? any : model.keys.randomElement(using: &random) ?? any
                held.remove(Position(rawValue: position))
                model[position] = nil
            default:
                guard Int.random(in: 0..<20, using: &random) == 0 else { break }
                held.keep { $0.rawValue % 2 == 0 }
                model = model.filter { $0.key % 2 == 0 }
            }
            #expect(held.count == model.count)
            let position = Int64.random(in: 0...last + 2, using: &random)
            #expect(held[Position(rawValue: position)]?.event.id == model[position])
        }
        for position in 0...last { #expect(held[Position(rawValue: position)]?.event.id == model[position]) }
        held.removeAll()
        #expect(held.count == 0)
        #expect(held[Position(rawValue: last)] == nil)
    }

    @Test func `what is parked behind others does not pile up in memory`() {
        let delivery = SinkDelivery(mode: .independent, maximumEvents: 1, concurrency: 1)
        let record = ForwarderRecord(
            id: ForwarderID(rawValue: 1),
            name: "f",
            start: .zero,
            cursor: .zero,
            counts: DeliveryCounts(),
            pause: nil,
            lastError: nil,
            parked: []
        )
        let window = DeliveryWindow(record: record, configuration: .init(delivery: delivery))
        var held = HeldEvents()
        for position in 1...64 { held.insert(event(Int64(position))) }
        held.letGoOfParked(in: window)
        #expect(held.count == 64)
        held.insert(event(65))
        held.letGoOfParked(in: window)
        #expect(held.count == 0)
    }
}
