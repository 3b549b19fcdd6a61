import ArgumentParser

/// Where CloudStack is to write to Kafka.
struct KafkaSetupOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Brokers to begin with; the port is 9092.", valueName: "host:port,…"))
    var kafka: String?

    @Option(help: ArgumentHelp("The topic. CloudStack's own default is cloudstack.", valueName: "name"))
    var topic: String?

    @Option(
        help: ArgumentHelp(
            "More properties of CloudStack's producer, such as those of TLS and SASL; taken over as they are.",
            valueName: "file"
        ),
        completion: .file()
    )
    var kafkaProperties: String?

    func validate() throws {
        if let kafka, HostPort.list(kafka, defaultPort: 9092) == nil {
            throw ValidationError("--kafka \(kafka): write brokers as host:port, with commas between them.")
        }
        if kafka == nil, topic != nil || kafkaProperties != nil {
            throw ValidationError("--topic and --kafka-properties need --kafka.")
        }
        if kafka != nil, topic == nil { throw ValidationError("--kafka needs --topic.") }
        if let topic, !Self.isTopic(topic) {
            throw ValidationError(
                "--topic \(topic): a topic has 1 to 249 letters, digits, dots, hyphens and underscores."
            )
        }
    }

    /// - Throws: ``CommandFailure`` where the file cannot be read or says something else than the options.
    func target() throws -> KafkaTarget? {
        guard let kafka, let topic, let bootstrap = HostPort.list(kafka, defaultPort: 9092) else { return nil }
        var target = KafkaTarget(bootstrap: bootstrap, topic: topic)
        guard let file = kafkaProperties else { return target }
        target.propertiesFile = file
        target.properties = ProducerProperties(parsing: try Self.text(of: file))
        for key in ["bootstrap.servers", "topic"] where target.properties.sets(key) {
            throw CommandFailure(
                "\(file) has \(key), which the options say already. Take it out of the file.",
                status: .usage
            )
        }
        return target
    }

    /// As Kafka's own check has it.
    private static func isTopic(_ name: String) -> Bool {
        guard (1...249).contains(name.utf8.count), name != ".", name != ".." else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            default: "._-".utf8.contains(byte)
            }
        }
    }

    private static func text(of file: String) throws -> String {
        let input = try InputFile(path: file)
        var bytes: [UInt8] = []
        while bytes.count < 1 << 20 {
            let piece = try input.read(atMost: 64 << 10)
            if piece.isEmpty { break }
            bytes += piece
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("The file \(file) is no text in UTF-8.", status: .usage)
        }
        return text
    }
}
