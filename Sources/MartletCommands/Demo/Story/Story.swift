import Martlet

/// Tells a day: moves the cloud's state on and writes down what CloudStack publishes at each step.
///
/// What happens to one resource never overlaps with anything else that happens to it; different resources go side by side.
struct Story {
    let zone: DemoZone
    let tenants: [DemoTenant]
    var random: DemoGenerator
    /// The cloud publishes and nothing arrives, as while its broker is away.
    var isLosing = false
    private let clock: DayClock
    /// From the beginning of the day.
    private var moment = Duration.zero
    private var published: [DemoMessage] = []

    init(seed: UInt64, clock: DayClock) {
        var random = DemoGenerator(seed: seed)
        self.clock = clock
        zone = DemoZone(random: &random)
        var tenants: [DemoTenant] = []
        for (index, name) in ["acme", "globex", "initech", "hooli"].enumerated() {
            tenants.append(DemoTenant(name: name, number: index + 1, random: &random))
        }
        self.tenants = tenants
        self.random = random
    }

    /// By time; what is published in the same second stays in the order it was told in.
    var messages: [DemoMessage] {
        published.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }.map(\.element)
    }

    /// The moment, as the messages have it.
    var time: String { clock.text(moment) }

    /// Goes to a time of day.
    mutating func at(_ hour: Int, _ minute: Int, second: Int = 0) {
        moment = .seconds((hour * 60 + minute) * 60 + second)
    }

    /// Lets a random time go by, in seconds.
    mutating func pass(_ seconds: ClosedRange<Int>) {
        moment += .seconds(Int.random(in: seconds, using: &random))
    }

    /// Publishes a body under five words, a full stop within a word becoming a hyphen and a missing one `*`.
    mutating func publish(_ category: Category, _ type: String, _ resource: String?, _ id: String?, _ body: [UInt8]) {
        let words = ["management-server", category.topicWord, type, resource ?? "*", id ?? "*"]
        publish(words.map { String($0.map { $0 == "." ? "-" : $0 }) }.joined(separator: "."), body)
    }

    /// Publishes a body under a routing key, or without one.
    mutating func publish(_ topic: String?, _ body: [UInt8]) {
        if !isLosing { published.append(DemoMessage(topic: topic, body: body, offset: moment)) }
    }
}
