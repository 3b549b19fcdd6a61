import MartletKafka
import MartletPipeline

extension Trial {
    /// Reads topics of Kafka from their beginning, as a member of no group.
    static func kafka(_ address: TrialAddress, _ options: TrialOptions) throws(TrialAddressError) -> Trial {
        if let option = options.exchanges.first ?? options.bindings.first {
            throw .rabbitMQOnly(option)
        }
        let settings: KafkaSettings
        do {
            settings = try KafkaSettings(kafkaFields(address), for: .consumer)
        } catch {
            throw .settings(error)
        }
        let topics = address.path.split(separator: ",").map { String($0) }
        var trial = Trial(
            place: address.place,
            transport: .kafka,
            decoder: options.format.decoder,
            logger: options.logger
        ) { port, store, context in
            KafkaSource(previewing: topics, settings: settings, port: port, store: store, context: context)
        }
        trial.warnings = settings.warnings.map { warning in
            warning.field.map { "\($0): \(warning.text)" } ?? warning.text
        }
        return trial
    }

    /// The fields of the component `kafka` that say the same; what follows the question mark is librdkafka's to judge.
    private static func kafkaFields(_ address: TrialAddress) -> ComponentSettings {
        var fields: [String: ComponentSettings.Value] = [
            "bootstrap-servers": .strings(address.hosts.map(\.description)),
            "properties": .table(Dictionary(address.parameters.map { ($0.name, $0.value) }) { $1 }),
        ]
        if address.isEncrypted { fields["tls"] = .boolean(true) }
        if let username = address.username { fields["username"] = .string(username) }
        if let password = address.password { fields["password"] = .string(password) }
        return ComponentSettings(fields)
    }
}
