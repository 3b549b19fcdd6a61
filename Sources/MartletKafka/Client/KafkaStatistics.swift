import MartletJSON

/// What of librdkafka's statistics an operator has to know.
struct KafkaStatistics: Sendable, Hashable {
    struct Partition: Sendable, Hashable {
        /// The broker that leads it; -1 where none does.
        var leader: Int64
        /// The offset behind the last record that may be read; negative where it is not known yet.
        var end: Int64
    }

    /// Whether there is a connection to any broker.
    var isConnected = false
    /// What is known of the partitions that are read.
    var partitions: [KafkaPartition: Partition] = [:]

    /// Reads the JSON of `rd_kafka_event_stats`; `nil` where it is none.
    init?(json: String) {
        guard let root = try? JSONDocument(parsing: json).root else { return nil }
        for broker in (root["brokers"]?.members).map({ Array($0) }) ?? [] {
            guard let state = broker.value["state"] else { continue }
            // Metadata are fetched over a connection that is up already.
            if state.equals("UP") || state.equals("UPDATE") { isConnected = true }
        }
        for topic in (root["topics"]?.members).map({ Array($0) }) ?? [] {
            for partition in (topic.value["partitions"]?.members).map({ Array($0) }) ?? [] {
                // -1 stands for messages that have no partition yet.
                guard let number = Int32(partition.key), number >= 0 else { continue }
                // The last stable offset is as far as a reader of committed records gets.
                let ends = [partition.value["ls_offset"]?.integer, partition.value["hi_offset"]?.integer]
                partitions[KafkaPartition(topic: topic.key, number: number)] = Partition(
                    leader: partition.value["leader"]?.integer ?? -1,
                    end: ends.compactMap { $0 }.first { $0 >= 0 } ?? -1
                )
            }
        }
    }
}
