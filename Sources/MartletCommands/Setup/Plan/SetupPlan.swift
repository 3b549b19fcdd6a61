/// Everything that makes a CloudStack of one version hand its events to Martlet: files, and what people have to do with them.
struct SetupPlan: Sendable {
    let version: CloudStackVersion
    let targets: [SetupTarget]
    /// The name of Martlet's source.
    let source: String

    /// The files, none twice.
    var files: [SetupFile] {
        var files: [SetupFile] = []
        for target in targets {
            switch target {
            case .kafka(let kafka): files.append(KafkaProducerFile(target: kafka).file)
            case .rabbitMQ: break
            case .webhook(let webhook): files += WebhookFiles(target: webhook).files
            }
        }
        if !beans.isEmpty { files.append(EventBusContextFile(version: version, beans: beans).file) }
        return files
    }

    /// The files that go to each management server.
    var managementServerFiles: [SetupFile] {
        files.filter { $0.target.hasPrefix(CloudStackVersion.configurationDirectory) }
    }

    /// One bean for each broker. The first one has the usual name; a second one only exists where any name will do.
    var beans: [EventBusBean] {
        var beans: [EventBusBean] = []
        func identifier(_ kind: String) -> String {
            beans.isEmpty ? EventBusBean.usualIdentifier : EventBusBean.usualIdentifier + kind
        }
        for target in targets {
            switch target {
            case .kafka: beans.append(.kafka(identifier: identifier("Kafka")))
            case .rabbitMQ(let rabbit): beans.append(.rabbitMQ(rabbit, identifier: identifier("RabbitMQ")))
            case .webhook: break
            }
        }
        return beans
    }

    /// The pieces of `martlet.yaml`, one for each way.
    var sources: [MartletSource] {
        targets.map { target in
            guard targets.count > 1 else { return MartletSource(name: source, target: target) }
            return MartletSource(name: "\(source)-\(target.word)", cloud: source, target: target)
        }
    }

    /// How to see that it works.
    var nextStep: String {
        beans.isEmpty
            ? "Send a test delivery from CloudStack's console, and look: martlet events --type TEST.WEBHOOK"
            : "Repeat this command with --check: it looks at the broker and changes nothing."
    }

    /// - Throws: ``CommandFailure`` where the version cannot do what is asked for, or a value would not arrive as it is.
    func validate() throws {
        guard targets.count == 1 || version.hasSeveralBuses else {
            throw CommandFailure(
                """
                CloudStack \(version) has one event bus at most; several are possible from \(CloudStackVersion.distributor) on.
                Say only one of --kafka, --rabbitmq and --webhook.
                """,
                status: .usage
            )
        }
        for target in targets {
            switch target {
            case .webhook where !version.hasSeveralBuses:
                throw CommandFailure(
                    "CloudStack \(version) has no webhooks; they came with \(CloudStackVersion.distributor). Use --kafka or --rabbitmq.",
                    status: .usage
                )
            case .kafka where version < .kafka:
                throw CommandFailure(
                    "CloudStack \(version) has no event bus on Kafka; it came with \(CloudStackVersion.kafka). Use --rabbitmq.",
                    status: .usage
                )
            default: break
            }
        }
        if let property = beans.lazy.compactMap(\.unwritableProperty).first {
            throw CommandFailure("The \(property.name) has a character that cannot be written in XML.", status: .usage)
        }
        if let property = beans.lazy.compactMap(\.evaluatedProperty).first {
            throw CommandFailure(
                """
                The \(property.name) has ${ or #{ in it, which CloudStack's configuration evaluates instead of passing it on.
                Choose another \(property.name).
                """,
                status: .usage
            )
        }
    }
}

extension SetupTarget {
    /// Whether something can be looked at from here.
    var hasBroker: Bool {
        switch self {
        case .kafka, .rabbitMQ: true
        case .webhook: false
        }
    }

    /// The way in one word, as in the names of sources and options.
    var word: String {
        switch self {
        case .kafka: "kafka"
        case .rabbitMQ: "rabbitmq"
        case .webhook: "webhook"
        }
    }

    /// The way as people write it.
    var title: String {
        switch self {
        case .kafka: "Kafka"
        case .rabbitMQ: "RabbitMQ"
        case .webhook: "a webhook"
        }
    }
}
