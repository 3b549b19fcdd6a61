import Martlet
import MartletPipeline
import MartletTesting

/// What the configuration says of a forwarder, or of a destination that only replays go to; drawn from the seed.
struct ForwarderPlan: Sendable, Hashable {
    /// What a new configuration has of it that is not as before.
    enum Change: Sendable, Hashable {
        case kinds(Set<Int>)
        case order(DeliveryWindow.Configuration.Order)
        case attempts(Int)
        case longestDelay(seconds: Int)
        case afterOutage(DeliveryWindow.Configuration.AfterOutage)
        case protection(Bool)
        /// Another way to the destination.
        case delivery(SinkDelivery)
    }

    var name: String
    var delivery: SinkDelivery
    var order: DeliveryWindow.Configuration.Order
    var kinds: Set<Int>
    var attempts: Int
    var longestDelay = Duration.seconds(60)
    /// Whether nobody there may see what the events tell.
    var isProtected = false
    var afterOutage = DeliveryWindow.Configuration.AfterOutage.replay
    /// How long a destination takes nothing before that is an outage.
    static let outage = Duration.seconds(5)

    init(number: Int, random: inout SeededGenerator) {
        name = "f\(number)"
        let modes: [SinkDelivery.Mode] = [.independent, .prefix, .atomic, .independent]
        delivery = SinkDelivery(modes[number % 4], random: &random)
        order = number == 3 ? [.resource, .none, .strict].randomElement(using: &random) ?? .resource : .resource
        kinds = ForwarderPlan.kinds(random: &random)
        attempts = Int.random(in: 1...4, using: &random)
        if number % 2 == 0 || Bool.random(using: &random) { afterOutage = .latest }
    }

    static func kinds(random: inout SeededGenerator) -> Set<Int> {
        let kinds = Set((0..<ModelSteps.kinds).filter { _ in Int.random(in: 0..<3, using: &random) > 0 })
        return kinds.isEmpty ? Set(0..<ModelSteps.kinds) : kinds
    }

    func wants(_ event: ModelEvent) -> Bool {
        event.isAlert ? kinds.count == ModelSteps.kinds : kinds.contains(event.draft.kind)
    }

    mutating func apply(_ change: Change) {
        switch change {
        case .kinds(let kinds): self.kinds = kinds
        case .order(let order): self.order = order
        case .attempts(let attempts): self.attempts = attempts
        case .longestDelay(let seconds): longestDelay = .seconds(seconds)
        case .afterOutage(let choice): afterOutage = choice
        case .protection(let isProtected): self.isProtected = isProtected
        case .delivery(let delivery): self.delivery = delivery
        }
    }
}

extension SinkDelivery {
    /// The same for all, and small: three or four events of most.
    init(_ mode: Mode, random: inout SeededGenerator) {
        self.init(
            mode: mode,
            maximumEvents: mode == .independent ? 1 : Int.random(in: 1...4, using: &random),
            maximumBytes: 30,
            concurrency: Int.random(in: 1...3, using: &random)
        )
    }
}

// MARK: - For the real parts

extension ForwarderPlan {
    func configuration() throws -> Forwarder.Configuration {
        Forwarder.Configuration(name: name, filter: try filter(), body: .event, gate: try gate(), window: window)
    }

    /// Where a replay goes that is made now.
    func replayDestination(_ sink: ModelSink) throws -> ReplayDestination {
        ReplayDestination(
            sink: sink,
            gate: try gate(),
            body: .event,
            filters: [try filter()],
            order: order,
            retry: window.retry
        )
    }

    private var window: DeliveryWindow.Configuration {
        var window = DeliveryWindow.Configuration(delivery: delivery)
        window.order = order
        window.retry.attempts = attempts
        window.retry.jitter = .none
        window.retry.maximumDelay = longestDelay
        window.retry.giveUpAfter = .seconds(600)
        window.afterOutage = afterOutage
        window.outage = ForwarderPlan.outage
        // Small bounds, so that they are met.
        window.lookahead = 12
        window.maximumParkedLanes = 5
        window.maximumParked = 9
        window.failingLanes = 4
        return window
    }

    private func filter() throws -> EventFilter {
        if kinds.count == ModelSteps.kinds { return EventFilter() }
        return EventFilter(
            matches: try kinds.sorted().map { EventFilter.Match(pattern: try TopicPattern("*.*.k\($0).#")) }
        )
    }

    private func gate() throws -> Gate {
        guard isProtected else { return Gate() }
        return Gate(Protection(audience: .admin, drop: [try FieldPattern("n")], mask: []))
    }
}
