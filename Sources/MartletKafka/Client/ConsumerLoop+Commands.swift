import CRdKafka

// What a consumer can be told to do, on its thread.

extension ConsumerLoop {
    /// How long the broker may take for an answer that is waited for.
    private static let patience: Int32 = 10_000

    func subscribe(to topics: [String]) throws(KafkaError) {
        let list = KafkaPartitionList(topics.map { KafkaPartition(topic: $0, number: RD_KAFKA_PARTITION_UA) })
        hasJoined = true
        try check(rd_kafka_subscribe(handle.client, list.pointer))
    }

    func assign(_ starts: [KafkaPartition: KafkaOffset]) throws(KafkaError) {
        hasAnswered()
        let list = KafkaPartitionList(starts)
        guard isCooperative else { return try check(rd_kafka_assign(handle.client, list.pointer)) }
        try check(rd_kafka_incremental_assign(handle.client, list.pointer))
    }

    func unassign(_ partitions: [KafkaPartition]) throws(KafkaError) {
        hasAnswered()
        guard isCooperative else { return try check(rd_kafka_assign(handle.client, nil)) }
        let list = KafkaPartitionList(partitions)
        try check(rd_kafka_incremental_unassign(handle.client, list.pointer))
    }

    /// Has a partition read from elsewhere. By an assignment, since a seek is refused where there was nothing to read.
    func move(_ partition: KafkaPartition, among starts: [KafkaPartition: KafkaOffset]) throws(KafkaError) {
        if protocolName == "EAGER" {
            let all = KafkaPartitionList(starts)
            return try check(rd_kafka_assign(handle.client, all.pointer))
        }
        let one = KafkaPartitionList(starts.filter { $0.key == partition })
        try check(rd_kafka_incremental_unassign(handle.client, one.pointer))
        try check(rd_kafka_incremental_assign(handle.client, one.pointer))
    }

    func commit(_ offsets: [KafkaPartition: Int64]) throws(KafkaError) {
        let list = KafkaPartitionList(offsets.mapValues { .at($0) })
        try check(rd_kafka_commit_queue(handle.client, list.pointer, handle.queue, nil, nil))
    }

    /// What the group has been told last, without those of which it knows nothing.
    func committed(_ partitions: [KafkaPartition]) throws(KafkaError) -> [KafkaPartition: Int64] {
        let list = KafkaPartitionList(partitions)
        try check(rd_kafka_committed(handle.client, list.pointer, Self.patience))
        var offsets: [KafkaPartition: Int64] = [:]
        for element in list.elements {
            try check(element.code, topic: element.partition.topic)
            if element.offset >= 0 { offsets[element.partition] = element.offset }
        }
        return offsets
    }

    /// The offsets of the oldest record, and behind the newest, as the broker says now.
    func bounds(of partition: KafkaPartition) throws(KafkaError) -> Range<Int64> {
        var (low, high): (Int64, Int64) = (0, 0)
        let code = rd_kafka_query_watermark_offsets(
            handle.client,
            partition.topic,
            partition.number,
            &low,
            &high,
            Self.patience
        )
        try check(code, topic: partition.topic)
        return low..<max(low, high)
    }

    /// The partitions of topics that are there.
    func partitions(of topics: [String], patience: Duration) throws(KafkaError) -> [KafkaPartition] {
        let metadata = try KafkaMetadata(handle, milliseconds: Int32(clamping: Int64(patience / .milliseconds(1))))
        var partitions: [KafkaPartition] = []
        for topic in topics {
            guard let known = metadata.topics.first(where: { $0.name == topic }), known.error == nil else {
                throw handle.error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, topic: topic)
            }
            partitions += known.partitions.map { KafkaPartition(topic: topic, number: $0.number) }
        }
        return partitions.sorted()
    }

    private func check(_ code: rd_kafka_resp_err_t, topic: String? = nil) throws(KafkaError) {
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw handle.error(code, topic: topic) }
    }

    private func check(_ error: OpaquePointer?) throws(KafkaError) {
        if let error = KafkaError(consuming: error, at: handle.place) { throw error }
    }
}
