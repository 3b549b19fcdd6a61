import Logging
import MartletTesting
import Testing

@testable import MartletKafka

@Suite(.enabled(if: KafkaMockCluster.isInstalled, "\(KafkaMockCluster.absenceReason)"), .timeLimit(.minutes(3)))
struct KafkaInspectionTests {
    private static func inspection(_ servers: String) throws -> KafkaInspection {
        KafkaInspection(
            try KafkaSettings(bootstrapServers: servers, for: .both),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    @Test func `brokers, partitions, replicas and what they hold are told`() async throws {
        let cluster = try await KafkaMockCluster.start(brokers: 3, topics: ["cs": 2])
        try await cluster.moveLeader(of: "cs", 1, toBroker: -1)
        try await Kcat.produce("a\nb\n", to: "cs", partition: 0, at: cluster.bootstrapServers)
        let report = try await Self.inspection(cluster.bootstrapServers).look(at: ["cs", "nope"], timeout: .seconds(5))
        #expect(
            report.brokers.map(\.address).sorted()
                == cluster.bootstrapServers.split(separator: ",").map(String.init).sorted()
        )
        let topic = try #require(report.topics.first)
        #expect(topic.error == nil)
        #expect(topic.partitions.count == 2)
        #expect(topic.replication == 3)
        #expect(topic.leaderless == [1])
        #expect(topic.bounds == [0: 0..<2])
        // The mock cannot say it, and that is told.
        #expect(topic.configuration.isEmpty)
        #expect(topic.configurationError != nil)
        #expect(report.topics.last?.error?.code == .missing)
        #expect(report.visibleTopics == ["cs"])
    }

    @Test func `a probe writes to a topic of its own and reads it back`() async throws {
        let cluster = try await KafkaMockCluster.start()
        let probe = try await Self.inspection(cluster.bootstrapServers).probe(timeout: .seconds(30))
        #expect(probe.topic == "martlet-probe")
        #expect(probe.offset == 0)
        let lines = try await Kcat.consume("martlet-probe", at: cluster.bootstrapServers)
        #expect(lines == [#"{"probe":"martlet"}"#])
    }

    @Test func `nobody at the address is an error in time`() async throws {
        let port = try FreePort.next()
        let error = await #expect(throws: KafkaError.self) {
            try await Self.inspection("127.0.0.1:\(port)").look(at: ["cs"], timeout: .milliseconds(500))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.place == "kafka://127.0.0.1:\(port)")
    }
}
