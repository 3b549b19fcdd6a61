import CRdKafka

extension ProducerLoop {
    /// How long the brokers may take to say what is wrong with a topic.
    private static let patience: Int32 = 2_000

    /// Why nothing goes to a topic, as the brokers tell; `nil` where they see nothing wrong, or do not answer.
    ///
    /// librdkafka itself only says that a record's time is over.
    static func diagnosis(of topic: String, _ handle: KafkaHandle) -> KafkaError? {
        guard let reference = rd_kafka_topic_new(handle.client, topic, nil) else { return nil }
        defer { rd_kafka_topic_destroy(reference) }
        var pointer: UnsafePointer<rd_kafka_metadata>?
        guard rd_kafka_metadata(handle.client, 0, reference, &pointer, patience) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let pointer
        else { return nil }
        defer { rd_kafka_metadata_destroy(pointer) }
        let topics = UnsafeBufferPointer(start: pointer.pointee.topics, count: Int(pointer.pointee.topic_cnt))
        guard let found = topics.first else { return nil }
        if found.err != RD_KAFKA_RESP_ERR_NO_ERROR { return handle.error(found.err, topic: topic) }
        let partitions = UnsafeBufferPointer(start: found.partitions, count: Int(found.partition_cnt))
        guard let orphan = partitions.first(where: { $0.leader < 0 }) else { return nil }
        return KafkaError(
            .unreachable,
            "partition \(orphan.id) of the topic “\(topic)” has no leader",
            at: handle.place,
            remedy: "bring the brokers back that hold its replicas",
            libraryCode: RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE.rawValue,
            topic: topic
        )
    }

    /// Whether librdkafka remembers for minutes that the topic is not there, so that only a new client asks again.
    static func isRemembered(_ error: KafkaError) -> Bool {
        error.code == .missing || error.code == .accessRefused
    }
}
