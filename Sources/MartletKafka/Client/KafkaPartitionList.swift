import CRdKafka

/// librdkafka's list of partitions with offsets.
struct KafkaPartitionList: ~Copyable {
    typealias Element = (partition: KafkaPartition, offset: Int64, code: rd_kafka_resp_err_t)

    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ offsets: [KafkaPartition: KafkaOffset]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(offsets.count))
        for (partition, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.number).pointee.offset = offset.number
        }
    }

    init(_ partitions: some Sequence<KafkaPartition>) {
        self.init(Dictionary(partitions.map { ($0, .at(Int64(RD_KAFKA_OFFSET_INVALID))) }) { first, _ in first })
    }

    deinit { rd_kafka_topic_partition_list_destroy(pointer) }

    var elements: [Element] { Self.read(pointer) }

    /// What is in a list that belongs to somebody else.
    static func read(_ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) -> [Element] {
        guard let list = list?.pointee, let elements = list.elems else { return [] }
        return (0..<Int(list.cnt)).map { index in
            let element = elements[index]
            let partition = KafkaPartition(topic: String(cString: element.topic), number: element.partition)
            return (partition, element.offset, element.err)
        }
    }
}

extension KafkaOffset {
    fileprivate var number: Int64 {
        switch self {
        case .beginning: Int64(RD_KAFKA_OFFSET_BEGINNING)
        case .end: Int64(RD_KAFKA_OFFSET_END)
        case .at(let offset): offset
        }
    }
}
