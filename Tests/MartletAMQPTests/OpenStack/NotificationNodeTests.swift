import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

private let areToolsThere = RabbitMQServer.isInstalled && OsloPublisher.isInstalled

/// A node of its own, because it is started anew.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(if: areToolsThere, "rabbitmq-server or oslo.messaging is not there: make test installs both")
)
struct NotificationNodeTests {
    private typealias Notification = OsloPublisher.Notification
    private static let durable = #"{"amqp_durable_queues":true}"#

    /// Under a topic of its own: services that make queues otherwise than others cannot share the queue of one.
    private static func notification(_ exchange: String, _ type: String, topic: String) -> Notification {
        Notification(exchange, type).with { $0.topics = [topic] }
    }

    @Test func `a restart that takes the exchanges is mended, and told as a gap of those that it took`() async throws {
        let server = try await RabbitMQServer.start()
        let broker = BrokerCase(host: RabbitMQVirtualHost(server: server, name: "kept"))
        try await broker.host.create()
        let cloud = try NotificationCase(broker: broker)
        try await cloud.publisher.publish([Notification("nova", "first")])
        let glance = Self.notification("glance", "durable", topic: "versioned_notifications")
        #expect(try await cloud.publisher.publish([glance], options: Self.durable) == 0)
        try await SourceRig.withRig { rig in
            let exchanges = ["nova", "glance"]
            let (source, port) = cloud.source(rig, exchanges: exchanges)
            try await rig.run(source) {
                try await cloud.waitUntilRunning(rig, port)
                try await cloud.publisher.publish([Notification("nova", "before")])
                try await rig.wait(for: "an event") { try await rig.types() == ["before"] }

                await server.stop()
                try await rig.wait(for: "a failing source") { port.monitor.snapshot.state == .failing }
                try await server.start()
                try await cloud.waitUntilRunning(rig, port)
                // Nobody has published, so that it is Martlet who has made nova's exchange, and as nova does.
                #expect(try await cloud.publisher.publish([Notification("nova", "after")]) == 0)
                #expect(try await cloud.publisher.publish([glance], options: Self.durable) == 0)
                try await rig.wait(for: "both events") {
                    try await rig.types().sorted() == ["after", "before", "durable"]
                }
                let gaps = try await rig.gaps()
                #expect(gaps.count == 1)
                #expect(gaps.first?.contains("The exchange nova had gone from the broker") == true)
                #expect(gaps.first?.contains(#""since":"#) == true)
                #expect(port.monitor.snapshot.warnings.isEmpty)
            }

            // And once more while Martlet is away, and its service is quicker than it.
            await server.kill()
            try await server.start()
            #expect(try await cloud.publisher.publish([Notification("nova", "unseen")]) == 0)
            let (next, nextPort) = cloud.source(rig, exchanges: exchanges)
            try await rig.run(next) {
                try await cloud.waitUntilRunning(rig, nextPort)
                #expect(try await cloud.publisher.publish([Notification("nova", "last")]) == 0)
                try await rig.wait(for: "the last event") { try await rig.types().last == "last" }
                #expect(try await rig.gaps().count == 2)
                #expect(try await rig.gaps().last?.contains("since before Martlet was started") == true)
            }

            // One that an operator deletes is not made again: he may want another.
            let (last, lastPort) = cloud.source(rig, exchanges: exchanges)
            try await broker.host.deleteExchange("nova")
            try await rig.run(last) {
                try await cloud.waitUntilRunning(rig, lastPort)
                #expect(lastPort.monitor.snapshot.warnings.keys.sorted() == ["exchange nova"])
                let nova = Self.notification("nova", "x", topic: "ironic_versioned_notifications")
                #expect(try await cloud.publisher.publish([nova], options: Self.durable) == 0)
                try await rig.wait(for: "a bound exchange") { lastPort.monitor.snapshot.warnings.isEmpty }
                try await rig.wait(for: "a third gap") { try await rig.gaps().count == 3 }
                try await rig.wait(for: "the memory") { try await rig.memory().contains("nova:d:b:") }
            }
        }
        await server.kill()
    }
}
