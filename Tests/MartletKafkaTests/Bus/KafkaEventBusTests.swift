import Martlet
import MartletJSON
import MartletTesting
import Testing

@testable import MartletKafka

@Suite(.enabled(if: KafkaMockCluster.isInstalled, "kafka-mock is not there: Scripts/prepare-test-tools makes it"))
struct KafkaEventBusTests {
    private static let topic = "martlet"

    /// Runs a body with a cluster and a bus over it.
    private static func withBus(
        partitions: Int = 3,
        order: KafkaEventBus.Order = .publisher,
        _ body: (KafkaEventBus, KafkaMockCluster) async throws -> Void
    ) async throws {
        let cluster = try await KafkaMockCluster.start(topics: [topic: partitions])
        let bus = try KafkaEventBus(
            bootstrapServers: cluster.bootstrapServers,
            order: order,
            properties: ["reconnect.backoff.max.ms": "200", "fetch.wait.max.ms": "50"]
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await bus.run() }
            try await body(bus, cluster)
            await bus.close()
        }
    }

    private static let conformance = EventBusConformance(features: []) { body in
        try await withBus { bus, _ in try await body(bus) }
    }

    @Test(arguments: EventBusConformance.Clause.all)
    func `the bus keeps the contract of buses`(_ clause: EventBusConformance.Clause) async throws {
        try await Self.conformance.run(clause)
    }

    @Test func `an event arrives as the one that was published`() async throws {
        try await Self.withBus { bus, _ in
            try await bus.withSubscription(to: [.everything]) { events in
                let event = BusProbe(bus: bus, features: []).event("1").with { fields in
                    fields.region = "north"
                    fields.category = .state
                    fields.outcome = .failure
                    fields.isStale = true
                    fields.isReplay = true
                    fields.position = Position(rawValue: 41)
                    fields.recordedTime = Timestamp(seconds: 1_700_000_000)
                    fields.extensions = ["custom": .integer(7)]
                }
                try await bus.publish(event)
                for try await received in events {
                    #expect(received == event)
                    break
                }
            }
        }
    }

    @Test func `what is no event is passed over and counted`() async throws {
        try await Self.withBus(partitions: 1) { bus, cluster in
            try await bus.withSubscription(to: [.everything]) { events in
                try await Kcat.produce("hello\n{\"a\":1}\n", to: Self.topic, at: cluster.bootstrapServers)
                let probe = BusProbe(bus: bus, features: [])
                try await probe.publish(["1"])
                #expect(try await probe.ids(from: events, through: "1") == ["1"])
                #expect(bus.unreadableCount == 2)
            }
        }
    }

    @Test func `another client reads the events, under the key that the order asks for`() async throws {
        for order in [KafkaEventBus.Order.publisher, .resource] {
            try await Self.withBus(order: order) { bus, cluster in
                let probe = BusProbe(bus: bus, features: [])
                for id in 0..<12 { try await bus.publish(probe.event("\(id)", resource: "r\(id)")) }
                let lines = try await Kcat.consume(Self.topic, format: "%p %k %h\n", at: cluster.bootstrapServers)
                #expect(lines.count == 12)
                #expect(lines.allSatisfy { $0.hasSuffix(" content-type=application/cloudevents+json") })
                let partitions = Set(lines.compactMap { $0.split(separator: " ").first })
                #expect(order == .publisher ? partitions.count == 1 : partitions.count > 1)
                #expect(lines.contains { $0.contains(" test/VirtualMachine/r7 ") } == (order == .resource))
            }
        }
    }

    @Test func `what was published before a subscription is not delivered to it`() async throws {
        try await Self.withBus { bus, _ in
            let probe = BusProbe(bus: bus, features: [])
            try await probe.publish(["1", "2"])
            try await bus.withSubscription(to: [.everything]) { events in
                try await probe.publish(["3"])
                #expect(try await probe.ids(from: events, through: "3") == ["3"])
            }
        }
    }

    @Test func `a broker that goes and comes back delays a subscription and ends none`() async throws {
        try await Self.withBus { bus, cluster in
            let probe = BusProbe(bus: bus, features: [], deadline: .seconds(60))
            try await bus.withSubscription(to: [.everything]) { events in
                try await probe.publish(["1"])
                #expect(try await probe.ids(from: events, through: "1") == ["1"])
                try await cluster.takeDown()
                async let publishing: Void = probe.publish(["2", "3"])
                try await cluster.bringUp()
                try await publishing
                #expect(try await probe.ids(from: events, through: "3") == ["2", "3"])
            }
        }
    }

    @Test func `a topic that is not there is named`() async throws {
        try await Self.withBus { _, cluster in
            try await cluster.setError(3, ofTopic: "other")
            let bus = try KafkaEventBus(
                bootstrapServers: cluster.bootstrapServers,
                topic: "other",
                properties: ["topic.metadata.propagation.max.ms": "100"]
            )
            let refusal = await #expect(throws: EventBusError.self) { _ = try await bus.subscribe(to: [.everything]) }
            #expect(refusal?.code == .unavailable)
            #expect(refusal?.reason == "the topic “other” does not exist")
            let event = BusProbe(bus: bus, features: []).event("1")
            let failure = await #expect(throws: EventBusError.self) { try await bus.publish(event) }
            #expect(failure?.code == .unavailable)
            await bus.close()
        }
    }

    @Test func `a closed bus takes nothing and ends its subscriptions`() async throws {
        try await Self.withBus { bus, _ in
            let subscription = try await bus.subscribe(to: [.everything])
            await bus.close()
            #expect(!subscription.isOpen)
            let probe = BusProbe(bus: bus, features: [])
            await probe.expect(.unavailable) { try await bus.publish(probe.event("1")) }
            await probe.expect(.unavailable) { _ = try await bus.subscribe(to: [.everything]) }
        }
    }

    @Test func `settings that cannot be are refused`() {
        let error = #expect(throws: EventBusError.self) {
            try KafkaEventBus(bootstrapServers: "k1", properties: ["ackss": "1"])
        }
        #expect(error?.code == .invalidOptions)
        #expect(error?.reason.contains("did you mean “acks”?") == true)
    }
}
