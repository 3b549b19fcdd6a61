/// A partition of a topic.
package struct KafkaPartition: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var topic: String
    package var number: Int32

    package init(topic: String, number: Int32) {
        self.topic = topic
        self.number = number
    }

    /// `cs/0`.
    package var description: String { "\(topic)/\(number)" }

    package static func < (left: KafkaPartition, right: KafkaPartition) -> Bool {
        (left.topic, left.number) < (right.topic, right.number)
    }
}

/// Where to read a partition from.
enum KafkaOffset: Sendable, Hashable {
    /// The oldest record that is there.
    case beginning
    /// Behind the newest record.
    case end
    case at(Int64)
}
