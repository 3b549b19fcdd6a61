import Logging
import MartletTesting

@testable import MartletKafka

extension SourceBench {
    /// What a consumer group has been told last of partition 0.
    func committedByGroup(_ group: String) async throws -> Int64? {
        let partition = KafkaPartition(topic: Self.topic, number: 0)
        return try await withConsumer(ofGroup: group) { try await $0.committed([partition])[partition] }
    }

    /// Tells a consumer group where to go on in partition 0, as another program would have.
    func commitToGroup(_ group: String, offset: Int64) async throws {
        let partition = KafkaPartition(topic: Self.topic, number: 0)
        try await withConsumer(ofGroup: group) { consumer in
            try await consumer.assign([partition: .beginning])
            try await consumer.commit([partition: offset])
            while !Task.isCancelled {
                for notice in try await consumer.next() {
                    guard case .committed(let failure) = notice else { continue }
                    if let failure { throw failure }
                    return
                }
            }
        }
    }

    private func withConsumer<Value>(
        ofGroup group: String,
        _ body: (KafkaConsumer) async throws -> Value
    ) async throws -> Value {
        let consumer = try await KafkaConsumer.open(
            properties: [
                "bootstrap.servers": cluster.bootstrapServers, "group.id": group, "enable.auto.commit": "false",
            ],
            place: "kafka://mock",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        do {
            let value = try await body(consumer)
            await consumer.close()
            return value
        } catch {
            await consumer.close()
            throw error
        }
    }
}
