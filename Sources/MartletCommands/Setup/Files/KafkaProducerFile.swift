/// `kafka.producer.properties`: what CloudStack's Kafka producer is told.
struct KafkaProducerFile {
    let target: KafkaTarget

    /// Where the management server reads it.
    static let path = "\(CloudStackVersion.configurationDirectory)/kafka.producer.properties"

    var file: SetupFile {
        SetupFile(target: Self.path, content: content, isSecret: target.properties.holdsSecrets)
    }

    private var content: String {
        var lines = [
            "# What CloudStack's management server publishes its events with.",
            "bootstrap.servers=\(target.bootstrap.map(\.description).joined(separator: ","))",
            "topic=\(target.topic)",
        ]
        for setting in Self.settings where !target.properties.sets(setting.key) {
            lines += setting.reason.map { "# \($0)" } + ["\(setting.key)=\(setting.value)"]
        }
        if !target.properties.entries.isEmpty {
            lines += ["# Taken over from --kafka-properties."] + target.properties.entries.map(\.text)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private struct Setting {
        var key: String
        var value: String
        var reason: [String]
    }

    /// What is said where the user says nothing else. Older clients ignore the names that they do not know.
    private static let settings = [
        Setting(key: "acks", value: "all", reason: ["An event counts as written when all replicas in sync have it."]),
        Setting(
            key: "retries",
            value: "20",
            reason: [
                "CloudStack does not look at the outcome: only the producer itself can try again, here for ten seconds."
            ]
        ),
        Setting(key: "retry.backoff.ms", value: "500", reason: []),
        Setting(
            key: "max.in.flight.requests.per.connection",
            value: "1",
            reason: [
                "One request at a time, so that a repeated one does not overtake: the order within a resource holds."
            ]
        ),
        Setting(
            key: "max.block.ms",
            value: "5000",
            reason: [
                "How long CloudStack's own threads may be held up while no broker answers; the default is a minute."
            ]
        ),
    ]
}
