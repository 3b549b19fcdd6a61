package import MartletPipeline

extension KafkaSettings {
    /// Reads the fields of a component; reaches no network.
    ///
    /// - Parameter role: what the settings are for.
    /// - Throws: ``ComponentError`` with the field and what would be right.
    package init(_ settings: ComponentSettings, for role: Role) throws(ComponentError) {
        var draft = SettingsDraft(role: role, below: settings)
        if let path = settings.string("properties-file") { try draft.takeFile(path) }
        try draft.take(
            settings.table("properties").sorted { $0.key < $1.key }.map {
                WrittenProperty(name: $0.key, value: $0.value.trimmed, origin: .properties)
            }
        )
        let brokers = settings.strings("bootstrap-servers")
        if !brokers.isEmpty {
            draft.choose("metadata.broker.list", brokers.joined(separator: ","), .field("bootstrap-servers"))
        }
        if let timeout = settings.duration("timeout") {
            draft.choose("message.timeout.ms", String(Int(timeout / .milliseconds(1))), .field("timeout"))
        }
        try draft.takeSecurity(settings)
        self = try draft.finish()
    }

    /// Brokers without encryption or user, `host:port,host:port`.
    package init(bootstrapServers: String, for role: Role) throws(ComponentError) {
        try self.init(ComponentSettings(["bootstrap-servers": .string(bootstrapServers)]), for: role)
    }
}
