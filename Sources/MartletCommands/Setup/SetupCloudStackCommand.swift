import ArgumentParser

/// `martlet setup cloudstack`
struct SetupCloudStackCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloudstack",
        abstract: "Write what CloudStack needs to publish its events, and check the broker.",
        discussion: """
            Writes the files for CloudStack's side, for one version of it, under --output, each at the path it has on a management \
            server, and says what to do with them: where they go, the matching piece of martlet.yaml, and what the chosen way cannot \
            do. Nothing is sent anywhere. From 4.20 on several ways can be chosen at once.

            With --check it writes nothing: it looks at the broker, changes nothing there, and says what production wants \
            otherwise. The exit code is 1 where something keeps events from coming. With --probe it also sends a message of its own \
            through the broker, through a queue of its own or the topic martlet-probe; with --management-server it makes one call \
            on each, which CloudStack refuses, and waits for the event of that failure. Nothing is made in CloudStack.

            Passwords come from files, from the environment, or are asked for.

            EXAMPLES
              martlet setup cloudstack --cloudstack-version 4.20 --kafka k1,k2 --topic cs
              martlet setup cloudstack --cloudstack-version 4.19 --rabbitmq mq --tls \\
                --username cloudstack --password-file mq.password
              martlet setup cloudstack --cloudstack-version 4.20 \\
                --webhook https://martlet.example/v1/sources/cloudstack
              martlet setup cloudstack --kafka k1 --topic cs --check
              martlet setup cloudstack --rabbitmq mq --password-file mq.password --probe \\
                --management-server http://ms1:8080 --management-server http://ms2:8080 \\
                --api-key-file api.key --secret-key-file secret.key
            """
    )

    @OptionGroup(title: "Kafka")
    var kafka: KafkaSetupOptions

    @OptionGroup(title: "RabbitMQ")
    var rabbitMQ: RabbitMQSetupOptions

    @OptionGroup(title: "Webhook")
    var webhook: WebhookSetupOptions

    @OptionGroup(title: "Writing")
    var writing: WritingSetupOptions

    @OptionGroup(title: "Checking")
    var checking: CheckSetupOptions

    @Option(help: ArgumentHelp("The name of Martlet's source.", valueName: "name"))
    var source = "cloudstack"

    @Flag(help: "Print JSON: the plan as one object, findings one a line.")
    var json = false

    @OptionGroup var colour: ColourOption

    func validate() throws {
        guard kafka.kafka != nil || rabbitMQ.rabbitmq != nil || webhook.webhook != nil else {
            throw ValidationError("Say where CloudStack is to publish: --kafka, --rabbitmq or --webhook.")
        }
        guard source.utf8.allSatisfy(\.isOfSourceName), !source.isEmpty else {
            throw ValidationError("--source \(source): use letters, digits and hyphens.")
        }
        try checking.validate(isForBroker: kafka.kafka != nil || rabbitMQ.rabbitmq != nil)
        if !checking.isChecking, writing.cloudstackVersion == nil {
            throw ValidationError(
                "Say which CloudStack it is for, as in --cloudstack-version 4.20. To look only, use --check."
            )
        }
    }

    func run(in context: CommandContext) async throws {
        let isColoured = colour.mode.isOn(context.terminal, environment: context.environment)
        let width = context.terminal.outputWidth
        let secrets = SecretReader(context: context)
        if checking.isChecking {
            let check = SetupCheck(command: self, context: context)
            let findings = try await check.findings(try targets(secrets))
            if json {
                try context.print(json: findings.map { FindingPage.json($0)[...] })
            } else {
                try context.print(FindingPage.lines(findings, width: width), inColour: isColoured)
            }
            if findings.contains(where: { $0.verdict == .problem }) { throw CommandFailure.silent(.failed) }
            return
        }
        let plan = SetupPlan(version: try writing.version, targets: try targets(secrets), source: source)
        try plan.validate()
        let writer = SetupWriter(directory: writing.directory, isForced: writing.force)
        try writer.write(plan.files)
        if json { return try context.print(json: [SetupJSON.text(plan, writer: writer)[...]]) }
        try context.print(SetupPage(plan: plan, writer: writer, width: width).lines(), inColour: isColoured)
    }

    private func targets(_ secrets: SecretReader) throws -> [SetupTarget] {
        let isChecking = checking.isChecking
        var targets: [SetupTarget] = []
        if let target = try rabbitMQ.target(secrets) { targets.append(.rabbitMQ(target)) }
        if let target = try kafka.target() { targets.append(.kafka(target)) }
        if let target = try webhook.target(
            source: source,
            secrets,
            written: isChecking ? nil : "\(writing.directory)\(WebhookFiles.secretPath)"
        ) {
            targets.append(.webhook(target))
        }
        return targets
    }
}

extension UInt8 {
    fileprivate var isOfSourceName: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-_.".utf8.contains(self)
        }
    }
}
