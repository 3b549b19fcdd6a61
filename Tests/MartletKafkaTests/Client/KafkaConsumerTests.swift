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

    @Test func `a member of a group that is closed before its first assignment ends nothing but itself`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 1])
        let properties = [
            "bootstrap.servers": cluster.bootstrapServers, "partition.assignment.strategy": "cooperative-sticky",
            "group.id": "one",
        ]
        func open() async throws -> KafkaConsumer {
            try await KafkaConsumer.open(
                properties: properties,
                place: "kafka://mock",
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        }
        // At every stage of joining; librdkafka asserted at some of them.
        for milliseconds in stride(from: 0, to: 400, by: 40) {
            let consumer = try await open()
            try await consumer.subscribe(to: ["cs"])
            let end = ContinuousClock.now + .milliseconds(milliseconds)
            while ContinuousClock.now < end { try await Task.sleep(until: end, clock: .continuous) }
            await consumer.close()
        }
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
