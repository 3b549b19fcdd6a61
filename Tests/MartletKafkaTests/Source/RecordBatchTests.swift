import Martlet
import MartletPipeline
import Testing

@testable import MartletKafka

@Suite struct RecordBatchTests {
    private static func record(_ value: String?, key: String? = nil, headers: [(String, String)] = []) -> KafkaRecord {
        KafkaRecord(
            partition: KafkaPartition(topic: "cs", number: 0),
            offset: 5,
            key: key.map { Array($0.utf8)[...] },
            value: value.map { Array($0.utf8)[...] },
            headers: headers.map { ($0.0, Array($0.1.utf8)[...]) }
        )
    }

    @Test func `headers are in lower case, the last of a name counts, and the key is one`() throws {
        var batch = RecordBatch()
        let headers = [("CE_id", "1"), ("ce_ID", "2"), ("Content-Type", "application/json")]
        batch.add(Self.record("{}", key: "vm-1", headers: headers))
        let message = try #require(batch.messages.first)
        #expect(message.headers == ["ce_id": "2", "content-type": "application/json", "kafka-key": "vm-1"])
        #expect(message.json != nil)
        #expect(message.routingKey == nil)
    }

    @Test func `tombstones and empty records are counted, and nothing is made of them`() {
        var batch = RecordBatch()
        batch.add(Self.record(nil, key: "vm-1"))
        batch.add(Self.record(""))
        #expect(batch.messages.isEmpty)
        #expect(batch.unreadable.isEmpty)
        #expect(batch.emptyCount == 2)
    }

    @Test func `what is no JSON is the format's to judge, and what is too long costs only itself`() throws {
        var batch = RecordBatch()
        batch.add(Self.record("no JSON"))
        batch.add(Self.record(String(repeating: "x", count: RecordBatch.maximumLength + 1)))
        #expect(batch.messages.map { $0.json == nil } == [true])
        let draft = try #require(batch.unreadable.first)
        #expect(draft.bytes.count == 1_024)
        #expect(draft.reason.contains("offset 5 of cs/0 has 16777217 bytes"))
    }
}
