import Martlet

/// What was seen of a Kafka cluster and of the topic that CloudStack writes to.
struct KafkaFacts: Sendable, Hashable {
    struct Partition: Sendable, Hashable {
        var number: Int
        var hasLeader: Bool
        var replicas: Int
        var inSync: Int
        /// The offset of the first record that is there and the one after the last; nil where no answer came.
        var offsets: Range<Int64>?
    }

    /// Brokers that are there now.
    var brokers: Int
    /// The topic's partitions; nil where there is no such topic.
    var partitions: [Partition]?
    /// The topic's settings by their Kafka names; nil where they may not be read.
    var settings: [String: String]?
}
