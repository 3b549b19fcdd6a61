import CRdKafka
import MartletJSON

/// One message of a partition.
struct KafkaRecord: Sendable {
    var partition: KafkaPartition
    var offset: Int64
    /// In milliseconds since 1970; -1 where the record has none.
    var timestamp: Int64
    var key: Bytes?
    /// `nil` for a tombstone.
    var value: Bytes?
    /// In the order of the record; a name may come twice.
    var headers: [(name: String, value: Bytes)]

    /// Copies a message of librdkafka's.
    init(copying message: UnsafePointer<rd_kafka_message_t>, of partition: KafkaPartition) {
        self.partition = partition
        offset = message.pointee.offset
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        timestamp = rd_kafka_message_timestamp(message, &kind)
        key = Self.bytes(message.pointee.key, message.pointee.key_len)
        value = Self.bytes(message.pointee.payload, message.pointee.len)
        headers = Self.headers(message)
    }

    init(
        partition: KafkaPartition,
        offset: Int64,
        timestamp: Int64 = -1,
        key: Bytes? = nil,
        value: Bytes?,
        headers: [(name: String, value: Bytes)] = []
    ) {
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }

    private static func headers(_ pointer: UnsafePointer<rd_kafka_message_t>) -> [(name: String, value: Bytes)] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(pointer, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        var headers: [(name: String, value: Bytes)] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR, let name
        {
            headers.append((String(cString: name), bytes(value, size) ?? []))
        }
        return headers
    }

    private static func bytes(_ pointer: UnsafeRawPointer?, _ count: Int) -> Bytes? {
        pointer.map { Bytes(UnsafeRawBufferPointer(start: $0, count: count)) }
    }
}
