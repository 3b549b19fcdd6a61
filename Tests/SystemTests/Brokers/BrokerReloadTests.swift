import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Reload and standby where the sources read from brokers.
@Suite struct BrokerReloadTests {
    /// Only the numbers tell the events apart; by this a forwarder and a source are changed, and nothing else.
    private static func configuration(_ source: String, round: Int) -> String {
        """
        sources:
          prod: { \(source), format: cloudstack, ignore: ["*.Round\(round).#"] }
        """
    }

    private static func waitUntilRunning(_ server: Server) async throws {
        try await eventually("the source runs", patience: .seconds(60)) {
            try await server.source("prod")["state"]?.string == "running"
        }
    }

    /// Reloads while events come in, and has a standby take over in the middle of it.
    private func run(source: String, publish: (ClosedRange<Int>) async throws -> Void) async throws {
        let first = try await Server(configuration: Self.configuration(source, round: 0))
        async let standby = Server(
            in: first.directory,
            configuration: Self.configuration(source, round: 0),
            isStandby: true
        )
        try await Server.waitUntilStandingBy(in: first.directory)
        try await Self.waitUntilRunning(first)
        for round in 1...3 {
            try await publish(round * 100...round * 100 + 99)
            let changes = try await first.reload(Self.configuration(source, round: round))
            #expect(changes.texts("sources", "changed") == ["prod"])
            #expect(try #require(changes["seconds"]?.double) < 10, "Nobody waits for a source that stops.")
        }
        try await publish(400...499)
        try await eventually("more than the half is stored", patience: .seconds(60)) { try await first.head() >= 250 }
        first.kill9()
        let second = try await standby
        try await publish(500...599)
        try await eventually("all is stored", patience: .seconds(90)) {
            try await Set(RabbitMQTests.numbers(second)).count == 500
        }
        #expect(try await RabbitMQTests.numbers(second).sorted() == Array(100...599), "Each once.")
        #expect(second.stop() == 0)
    }

    @Test(.enabled(if: RabbitMQClient.isInstalled, Comment(rawValue: RabbitMQClient.absenceReason)))
    func `a reload and a standby that takes over store each message of RabbitMQ once`() async throws {
        try await RabbitMQTests.withBroker { host in
            try await run(source: "amqp: { url: \"\(host.url)\" }") { numbers in
                try await RabbitMQClient.publish(
                    numbers.map { RabbitMQTests.action($0) },
                    to: "cloudstack-events",
                    at: host.url
                )
            }
        }
    }

    @Test(.enabled(if: KafkaClient.isInstalled, Comment(rawValue: KafkaClient.absenceReason)))
    func `a reload and a standby that takes over store each record of Kafka once`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 3])
        let servers = cluster.bootstrapServers
        let list = servers.replacing(",", with: ", ")
        // How long the group waits for the member that was killed.
        let source = "kafka: { bootstrap-servers: [\(list)], topics: [cs], properties: { session.timeout.ms: 6000 } }"
        try await run(source: source) { numbers in
            let records = numbers.map { KafkaClient.Record(key: "\($0 % 7)", value: RabbitMQTests.action($0).body) }
            try await KafkaClient.produce(records, to: "cs", at: servers)
        }
    }
}
