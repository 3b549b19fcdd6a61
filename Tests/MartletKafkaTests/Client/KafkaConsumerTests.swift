import CRdKafka
import Logging
import MartletPipeline
import MartletTesting
import Synchronization
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
        let clock = try await StatisticsClock(cluster, milliseconds: 40)
        // At every stage of joining; librdkafka asserted at some of them.
        for ticks in 0..<10 {
            let consumer = try await open()
            try await consumer.subscribe(to: ["cs"])
            try await clock.wait(ticks)
            await consumer.close()
        }
        await clock.close()
    }

    @Test(.enabled(if: rd_kafka_version() < 0x0203_0000, "this librdkafka lets go of every member of a group"))
    func `what a client reports that had to be abandoned does not pile up`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 1])
        let properties = [
            "bootstrap.servers": cluster.bootstrapServers, "group.id": "one", "statistics.interval.ms": "20",
        ]
        let inbox = KafkaInbox<ConsumerLoop>()
        let isStarted = DedicatedThread.start {
            do throws(KafkaError) {
                let handle = try KafkaHandle(
                    .consumer,
                    properties: properties,
                    events: RD_KAFKA_EVENT_STATS | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR,
                    place: "kafka://mock",
                    logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
                )
                ConsumerLoop(handle: handle, inbox: inbox).run()
            } catch {
                Issue.record(error)
                inbox.end()
            }
        }
        try #require(isStarted)
        // The client stays for good, and so does its queue, whose length anybody may ask for.
        let queue = Mutex<UInt?>(nil)
        inbox.submit { loop in
            guard let loop else { return }
            loop.hasJoined = true
            queue.withLock { $0 = UInt(bitPattern: loop.handle.queue) }
        }
        await inbox.stopAndWait()
        let pointer = try #require(queue.withLock { $0 }.flatMap { OpaquePointer(bitPattern: $0) })
        let clock = try await StatisticsClock(cluster, milliseconds: 100)
        // Fifty a second.
        try await clock.wait(50)
        #expect(rd_kafka_queue_length(pointer) < 125)
        await clock.close()
    }

    @Test func `reports do not pile up while nobody asks for notices`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 1])
        let consumer = try await KafkaConsumer.open(
            properties: ["bootstrap.servers": cluster.bootstrapServers, "statistics.interval.ms": "5"],
            place: "kafka://mock",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        // Two hundred a second: those of the first one wait, those after it are looked after.
        let clock = try await StatisticsClock(cluster, milliseconds: 100)
        try await clock.wait(50)
        #expect(try await consumer.perform { loop in rd_kafka_queue_length(loop.handle.queue) } < 500)
        await clock.close()
        await consumer.close()
    }
}

/// Counts time as librdkafka does: by the statistics of a consumer that does nothing else.
private struct StatisticsClock {
    private let consumer: KafkaConsumer

    init(_ cluster: KafkaMockCluster, milliseconds: Int) async throws {
        consumer = try await KafkaConsumer.open(
            properties: [
                "bootstrap.servers": cluster.bootstrapServers, "statistics.interval.ms": "\(milliseconds)",
            ],
            place: "kafka://mock",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    func wait(_ ticks: Int) async throws {
        var remaining = ticks
        while remaining > 0 {
            // A cancelled consumer has nothing, at once.
            try Task.checkCancellation()
            remaining -= try await consumer.next().count { if case .statistics = $0 { true } else { false } }
        }
    }

    func close() async { await consumer.close() }
}
