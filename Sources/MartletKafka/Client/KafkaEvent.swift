import CRdKafka

/// One event of a client's queue; what is read from it is valid as long as it is.
struct KafkaEvent: ~Copyable {
    let pointer: OpaquePointer

    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    deinit { rd_kafka_event_destroy(pointer) }

    /// One of `RD_KAFKA_EVENT_…`.
    var type: Int32 { rd_kafka_event_type(pointer) }

    var code: rd_kafka_resp_err_t { rd_kafka_event_error(pointer) }

    /// The partition that an error is about; `nil` where it is about none.
    var partition: KafkaPartition? {
        guard let partition = rd_kafka_event_topic_partition(pointer) else { return nil }
        defer { rd_kafka_topic_partition_destroy(partition) }
        return KafkaPartition(topic: String(cString: partition.pointee.topic), number: partition.pointee.partition)
    }

    /// What an event of type error tells.
    func error(at place: String) -> KafkaError {
        let reason = rd_kafka_event_error_string(pointer).map { String(cString: $0) } ?? ""
        return KafkaError(
            code,
            reason: reason,
            at: place,
            topic: partition?.topic ?? Self.topic(in: reason),
            isFatal: rd_kafka_event_error_is_fatal(pointer) != 0
        )
    }

    /// The topic that a consumer subscribed to and cannot have is told in words only.
    private static func topic(in reason: String) -> String? {
        let prefix = "Subscribed topic not available: "
        guard reason.hasPrefix(prefix) else { return nil }
        return String(reason.dropFirst(prefix.count).prefix { $0 != ":" })
    }

    /// The partitions of a rebalance, or of a commit with their offsets.
    var partitions: [(partition: KafkaPartition, offset: Int64, code: rd_kafka_resp_err_t)] {
        KafkaPartitionList.read(rd_kafka_event_topic_partition_list(pointer))
    }
}
