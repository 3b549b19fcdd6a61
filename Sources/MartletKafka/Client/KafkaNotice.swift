/// What a consumer reports, in the order in which it came.
enum KafkaNotice: Sendable {
    /// Records of several partitions; those of one are in its order.
    case records([KafkaRecord])
    /// The group gives the consumer these partitions: answered with ``KafkaConsumer/assign(_:)``.
    case assigned([KafkaPartition])
    /// The group takes these partitions back: answered with ``KafkaConsumer/unassign(_:)``. Where they are lost, another
    /// member may have them already.
    case revoked([KafkaPartition], areLost: Bool)
    /// The partition has been read to its end.
    case endOfPartition(KafkaPartition)
    /// The partition does not hold the offset that it was to be read from; it stands still until it is sent elsewhere.
    case outOfRange(KafkaPartition)
    /// Something else went wrong; librdkafka tries again by itself, unless the code is ``KafkaError/Code/fatal``.
    case error(KafkaError)
    /// Offsets could not be told to the group, or could again.
    case committed(KafkaError?)
    /// The latest; comes every second, by the property `statistics.interval.ms`.
    case statistics(KafkaStatistics)
}
