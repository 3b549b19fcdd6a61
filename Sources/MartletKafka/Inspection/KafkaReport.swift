/// What an inspection has found; it changed nothing.
package struct KafkaReport: Sendable, Hashable {
    /// A topic that was asked for.
    package struct Topic: Sendable, Hashable {
        package var name: String
        /// Why nothing more is known of it: that it does not exist, or is not to be seen by this user.
        package var error: KafkaError?
        package var partitions: [KafkaMetadata.Partition] = []
        /// What the partitions hold: the offsets of the oldest record and behind the newest; without those that no broker
        /// told of.
        package var bounds: [Int32: Range<Int64>] = [:]
        /// What the broker says of `retention.ms`, `min.insync.replicas`, `cleanup.policy` and the like; empty where the user
        /// may not see it, or the broker cannot say it.
        package var configuration: [String: String] = [:]
        /// Why there is no ``configuration``.
        package var configurationError: KafkaError?

        /// How many replicas the partition with the fewest has.
        package var replication: Int { partitions.map(\.replicas.count).min() ?? 0 }
        package var leaderless: [Int32] { partitions.filter { $0.leader == nil }.map(\.number) }
        /// Partitions with replicas that are behind.
        package var lagging: [Int32] { partitions.filter { $0.inSync.count < $0.replicas.count }.map(\.number) }
    }

    /// Where it looked, without credentials.
    package var place: String
    /// The cluster's own id; `nil` where it does not say.
    package var cluster: String?
    package var brokers: [KafkaMetadata.Broker]
    package var controller: Int32?
    /// In the order in which they were asked for.
    package var topics: [Topic]
    /// The names of all topics that the user may see.
    package var visibleTopics: [String]
}

/// What a probe has seen: a record of Martlet's own went in and came out.
package struct KafkaProbe: Sendable, Hashable {
    package var topic: String
    package var partition: Int32
    package var offset: Int64
    /// How long the brokers took to acknowledge it.
    package var writing: Duration
    /// How long it took from then until it was read.
    package var reading: Duration
}
