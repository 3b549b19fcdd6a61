package import MartletPipeline

/// How to reach Kafka's brokers, and how its clients are to behave, checked: the same for source, sink, bus and inspection.
///
/// Where several places say the same, a component's own field stands above its `properties`, and these above the
/// `properties-file`. It holds secrets, so that its description is its place alone.
package struct KafkaSettings: Sendable, Hashable {
    /// What the settings are for: properties of the other side do nothing.
    package enum Role: Sendable, Hashable {
        case consumer, producer
        /// A bus, which does both, and an inspection.
        case both
    }

    /// `host:port`, at least one.
    package var bootstrapServers: [String]
    /// What the `properties-file` names as `topic`, which is CloudStack's own key.
    package var topicOfFile: String?
    /// `group.id`, where the file or the properties name one.
    package var group: String?
    /// What librdkafka's consumer is to be given, but for `group.id`.
    package var consumerProperties: [String: String]
    /// What librdkafka's producer is to be given.
    package var producerProperties: [String: String]
    /// What is not wrong, but worth a word.
    package var warnings: [ComponentWarning]

    /// Where it leads, without credentials: `kafka://k1:9092,k2:9092`.
    package var place: String { "kafka://\(bootstrapServers.joined(separator: ","))" }
}

extension KafkaSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { place }
    package var debugDescription: String { place }
    package var customMirror: Mirror { Mirror(self, children: ["place": place]) }
}
