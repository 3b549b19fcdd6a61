/// A record as it goes to Kafka.
package struct ProducerRecord: Sendable {
    /// What decides the partition, and so the order; a record without one goes anywhere.
    package var key: [UInt8]?
    package var value: [UInt8]
    /// In this order.
    package var headers: [(name: String, value: String)]

    package init(key: [UInt8]?, value: [UInt8], headers: [(name: String, value: String)] = []) {
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// What became of a record.
package enum RecordFate: Sendable, Hashable {
    /// As many replicas as were asked for have it.
    case delivered
    /// Kafka did not take it, or it is not known whether it did.
    case failed(KafkaError)
    /// An earlier one of its batch failed; it may have arrived nevertheless.
    case untried
}
