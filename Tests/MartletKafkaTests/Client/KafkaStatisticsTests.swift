import Testing

@testable import MartletKafka

@Suite struct KafkaStatisticsTests {
    @Test func `connections, leaders and ends are read`() throws {
        let json = """
            {"brokers": {"k1": {"state": "DOWN"}, "k2": {"state": "UP"}},
             "topics": {"cs": {"partitions": {
               "0": {"leader": 1, "ls_offset": 7, "hi_offset": 9}, "1": {"leader": -1, "ls_offset": -1001, "hi_offset": -1001},
               "2": {"leader": 2, "ls_offset": -1001, "hi_offset": 5}, "-1": {"leader": -1}}}}}
            """
        let statistics = try #require(KafkaStatistics(json: json))
        #expect(statistics.isConnected)
        #expect(
            statistics.partitions == [
                KafkaPartition(topic: "cs", number: 0): .init(leader: 1, end: 7),
                KafkaPartition(topic: "cs", number: 1): .init(leader: -1, end: -1),
                KafkaPartition(topic: "cs", number: 2): .init(leader: 2, end: 5),
            ]
        )
    }

    @Test func `without a connection there is none, and what is no JSON is nothing`() {
        #expect(KafkaStatistics(json: #"{"brokers": {"k1": {"state": "AUTH_REQ"}}}"#)?.isConnected == false)
        #expect(KafkaStatistics(json: "{}")?.partitions.isEmpty == true)
        #expect(KafkaStatistics(json: "{") == nil)
    }
}
