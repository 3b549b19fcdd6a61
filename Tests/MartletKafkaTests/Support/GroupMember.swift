import Logging
import MartletTesting
import Synchronization

@testable import MartletKafka

/// Another member of a consumer group, which takes its share and reads nothing.
final class GroupMember: Sendable {
    private let consumer: KafkaConsumer
    private let task: Task<Void, any Error>
    private let count: Count

    private final class Count: Sendable {
        let value = Mutex(0)
    }

    /// How many partitions it has.
    var partitionCount: Int { count.value.withLock { $0 } }

    init(servers: String, group: String, topic: String) async throws {
        let consumer = try await KafkaConsumer.open(
            properties: [
                "bootstrap.servers": servers, "group.id": group, "enable.auto.commit": "false",
                "partition.assignment.strategy": "cooperative-sticky", "session.timeout.ms": "4000",
                "heartbeat.interval.ms": "200",
            ],
            place: "kafka://mock",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        self.consumer = consumer
        let count = Count()
        self.count = count
        try await consumer.subscribe(to: [topic])
        // A task of its own: it answers the group beside the test, and ends with the consumer.
        task = Task {
            while !Task.isCancelled {
                for notice in try await consumer.next() {
                    switch notice {
                    case .assigned(let partitions):
                        try await consumer.assign(Dictionary(uniqueKeysWithValues: partitions.map { ($0, .end) }))
                        count.value.withLock { $0 += partitions.count }
                    case .revoked(let partitions, _):
                        try await consumer.unassign(partitions)
                        count.value.withLock { $0 -= partitions.count }
                    default: break
                    }
                }
            }
        }
    }

    /// Leaves the group.
    func close() async {
        task.cancel()
        await consumer.close()
    }
}

extension SourceBench {
    func joinGroup(_ group: String) async throws -> GroupMember {
        try await GroupMember(servers: cluster.bootstrapServers, group: group, topic: Self.topic)
    }
}
