import Martlet
import MartletPipeline
import MartletTesting

/// How a forwarder is made; drawn from the seed.
struct ForwarderPlan: Sendable {
    var name: String
    var delivery: SinkDelivery
    var order: DeliveryWindow.Configuration.Order
    var kinds: Set<Int>
    var attempts: Int

    init(number: Int, random: inout SeededGenerator) {
        name = "f\(number)"
        let modes: [SinkDelivery.Mode] = [.independent, .prefix, .atomic, .independent]
        let mode = modes[number % 4]
        delivery = SinkDelivery(
            mode: mode,
            maximumEvents: mode == .independent ? 1 : Int.random(in: 1...4, using: &random),
            concurrency: Int.random(in: 1...3, using: &random)
        )
        order = number == 3 ? [.resource, .none, .strict].randomElement(using: &random) ?? .resource : .resource
        kinds = Set((0..<ModelSteps.kinds).filter { _ in Int.random(in: 0..<3, using: &random) > 0 })
        if kinds.isEmpty { kinds = Set(0..<ModelSteps.kinds) }
        attempts = Int.random(in: 1...4, using: &random)
    }

    var window: DeliveryWindow.Configuration {
        var window = DeliveryWindow.Configuration(delivery: delivery)
        window.order = order
        window.retry.attempts = attempts
        window.retry.jitter = .none
        window.retry.maximumDelay = .seconds(60)
        window.retry.giveUpAfter = .seconds(600)
        // Small bounds, so that they are met.
        window.lookahead = 12
        window.maximumParkedLanes = 5
        window.maximumParked = 9
        window.failingLanes = 4
        return window
    }

    func filter() throws -> EventFilter {
        if kinds.count == ModelSteps.kinds { return EventFilter() }
        return EventFilter(
            matches: try kinds.sorted().map { EventFilter.Match(pattern: try TopicPattern("*.*.k\($0).#")) }
        )
    }
}
