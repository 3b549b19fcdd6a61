import Logging
import MartletTesting
import Testing

@testable import MartletKafka

@Suite(.enabled(if: KafkaMockCluster.isInstalled, "\(KafkaMockCluster.absenceReason)"), .timeLimit(.minutes(3)))
struct KafkaConsumerTests {
    @Test func `of the statistics that have come meanwhile only the last are told`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 1])
        let consumer = try await KafkaConsumer.open(
            properties: ["bootstrap.servers": cluster.bootstrapServers, "statistics.interval.ms": "10"],
            place: "kafka://mock",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        // Connected, so that what is slow is the answer.
        _ = try await consumer.partitions(of: ["cs"])
        try await cluster.delay(milliseconds: 500)
        _ = try await consumer.partitions(of: ["cs"])
        let count = try await consumer.next().count { if case .statistics = $0 { true } else { false } }
        #expect(count == 1)
        await consumer.close()
    }

    @Test func `reports do not pile up while nobody asks for notices`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 1])
        let consumer = try await KafkaConsumer.open(
            properties: ["bootstrap.servers": cluster.bootstrapServers, "statistics.interval.ms": "5"],
            place: "kafka://mock",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        // Two hundred a second: those of the first one wait, those after it are looked after.
        let quiet = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < quiet { try await Task.sleep(until: quiet, clock: .continuous) }
        #expect(try await consumer.waitingEvents() < 500)
        await consumer.close()
    }
}
