import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Three nodes and their quorum queues.
@Suite(.enabled(if: RabbitMQClient.isInstalled, Comment(rawValue: RabbitMQClient.absenceReason)))
struct RabbitMQClusterTests {
    @Test func `a node that dies costs nothing: the source and the sink go on with another`() async throws {
        let cluster = try await RabbitMQCluster.start()
        let first = cluster.servers[0]
        // The clients of the test speak to the last node, which stays.
        let last = cluster.servers[2]
        try await last.withVirtualHost { host in
            try await host.makeExchange("cloudstack-events")
            try await host.makeExchange("martlet")
            try await host.makeQueue("collected", arguments: #"{"x-queue-type":"quorum"}"#)
            try await host.bind("collected", to: "martlet")
            let urls = cluster.servers.map { #""\#($0.url(port: $0.port, virtualHost: host.name))""# }.joined(
                separator: ", "
            )
            let server = try await Server(
                configuration: """
                    sources:
                      prod: { amqp: { url: [\(urls)] }, format: cloudstack }
                    forwarders:
                      out: { amqp: { url: [\(urls)], exchange: martlet }, body: event, start: earliest }
                    """
            )
            try await eventually("the source runs", patience: .seconds(60)) {
                try await server.source("prod")["state"]?.string == "running"
            }
            let place = try await server.source("prod")["place"]?.string
            #expect(place?.contains("\(first.port)") == true, "It reads from the first node.")
            async let publishing = RabbitMQClient.publish(
                (0..<300).map { RabbitMQTests.action($0) },
                to: "cloudstack-events",
                at: host.url
            )
            try await eventually("some are stored", patience: .seconds(60)) { try await server.head() > 30 }
            await first.kill()
            _ = try await publishing
            try await eventually("all are stored", patience: .seconds(120)) {
                try await Set(RabbitMQTests.numbers(server)).count == 300
            }
            try await eventually("all are forwarded", patience: .seconds(120)) {
                try await server.forwarder("out")["pending"]?.integer == 0
            }
            var seen: Set<Int> = []
            #expect(try await RabbitMQTests.numbers(server).filter { seen.insert($0).inserted } == Array(0..<300))
            let collected = try await RabbitMQTests.collect(from: "collected", host)
            seen = []
            #expect(collected.filter { seen.insert($0).inserted } == Array(0..<300))
            #expect(server.stop() == 0)
        }
        await cluster.kill()
    }
}
