import MartletPipeline

/// The settings of a Kafka sink, checked.
struct KafkaSinkConfiguration: Sendable {
    /// How a CloudEvent is carried.
    enum CloudEvents: String, Sendable, CaseIterable {
        /// As one JSON text.
        case structured
        /// Attributes in headers, `data` as the value.
        case binary
    }

    var kafka: KafkaSettings
    var topic: String
    var cloudEvents: CloudEvents
    var maximumEvents: Int

    init(_ settings: ComponentSettings) throws(ComponentError) {
        kafka = try KafkaSettings(settings, for: .producer)
        guard let topic = settings.string("topic") else {
            throw ComponentError(field: "topic", "is missing: name the topic to write to")
        }
        guard Self.isTopic(topic) else {
            throw ComponentError(
                field: "topic",
                "is “\(topic)”; a topic has 1 to 249 letters, digits, full stops, hyphens and underscores"
            )
        }
        self.topic = topic
        cloudEvents = settings.string("cloudevents").flatMap(CloudEvents.init) ?? .structured
        maximumEvents = settings.integer("batch") ?? 2_000
        if let timeout = settings.duration("timeout"), timeout < .seconds(1) || timeout > .seconds(300) {
            throw ComponentError(field: "timeout", "has to be from 1s to 5m")
        }
    }

    /// What is not wrong, but worth a word.
    func warnings(body: BodyForm) -> [ComponentWarning] {
        var warnings = kafka.warnings
        if let other = kafka.topicOfFile, other != topic {
            warnings.append(
                ComponentWarning(
                    field: "properties-file",
                    "topic=\(other) of the file does nothing here: this writes to “\(topic)”"
                )
            )
        }
        if body == .original, cloudEvents == .binary {
            warnings.append(ComponentWarning(field: "cloudevents", "does nothing, since the body is the original"))
        }
        return warnings
    }

    /// As Kafka's own check has it.
    private static func isTopic(_ name: String) -> Bool {
        guard (1...249).contains(name.utf8.count), name != ".", name != ".." else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "._-".utf8.contains(byte)
            }
        }
    }
}
