/// What people have to do, in order: commands, and what is to be known about them.
struct SetupStep: Sendable, Hashable {
    var title: String
    var commands: [String]
    var notes: [String] = []
}

extension SetupPlan {
    /// - Parameter directory: where the files were written to.
    func steps(directory: String) -> [SetupStep] {
        targets.map { brokerStep($0, directory: directory) } + [managementServerStep, martletStep].compactMap { $0 }
    }

    private func brokerStep(_ target: SetupTarget, directory: String) -> SetupStep {
        switch target {
        case .kafka(let kafka):
            SetupStep(
                title: "On Kafka",
                commands: [
                    "kafka-topics.sh --bootstrap-server \(kafka.bootstrap[0]) --create --topic \(kafka.topic) \\",
                    "  --partitions 6 --replication-factor 3 \\",
                    "  --config min.insync.replicas=2 --config retention.ms=604800000",
                ],
                notes: [
                    "Make the topic by hand: one that is made by itself has the brokers' defaults, often a single replica. Choose the "
                        + "number of partitions for good; a change breaks the order within a resource once."
                ]
            )
        case .rabbitMQ(let rabbit):
            SetupStep(title: "On RabbitMQ", commands: rabbit.permissionCommands, notes: RabbitMQTarget.permissionNotes)
        case .webhook(let webhook):
            SetupStep(
                title: "In CloudStack, once",
                commands: WebhookFiles(target: webhook).call(
                    secretFile: webhook.secretFile ?? "\(directory)\(WebhookFiles.secretPath)"
                ),
                notes: [
                    "As a root administrator; in the console it is under Tools, Webhooks. The same call is in "
                        + "\(directory)\(WebhookFiles.scriptPath). While cmk runs, the secret is visible in this machine's list of processes.",
                    "Nothing goes to the management servers, and none needs a restart.",
                ]
            )
        }
    }

    /// What Martlet is to find beside its configuration.
    private var martletStep: SetupStep? {
        var commands: [String] = []
        var notes: [String] = []
        func install(_ path: String) {
            commands += [
                "install -D -o martlet -g martlet -m 0640 \\", "  \(path.dropFirst()) \\",
                "  /etc/martlet/\(path.lastSegment)",
            ]
        }
        for target in targets {
            switch target {
            case .kafka(let kafka) where !kafka.properties.entries.isEmpty: install(KafkaProducerFile.path)
            case .kafka: break
            case .rabbitMQ:
                notes.append(
                    "The password of the user martlet goes into \(MartletSource.passwordFile), readable for Martlet alone."
                )
            case .webhook(let webhook) where webhook.secretFile == nil: install(WebhookFiles.secretPath)
            case .webhook(let webhook):
                notes.append("The secret has to be in \(WebhookFiles(target: webhook).secretFile) there, too.")
            }
        }
        guard !commands.isEmpty || !notes.isEmpty else { return nil }
        return SetupStep(
            title: "On Martlet's machine, as root, in a copy of the written directory",
            commands: commands,
            notes: notes
        )
    }

    private var managementServerStep: SetupStep? {
        let files = managementServerFiles
        guard !files.isEmpty else { return nil }
        var commands = ["install -d -o root -g cloud -m 0750 \(version.contextDirectory)"]
        for file in files {
            let relative = file.target.dropFirst()
            let folder = file.target[...(file.target.lastIndex(of: "/") ?? file.target.startIndex)]
            commands += [
                "install -o \(file.owner) -g \(file.group) -m \(file.targetMode) \\", "  \(relative) \\", "  \(folder)",
            ]
        }
        commands.append("systemctl restart cloudstack-management")
        var notes = [
            "One management server after the other. The files are read only at the start. If \(EventBusContextFile.name) exists there, "
                + "put the bean into it instead of replacing it."
        ]
        if version.hasSeveralBuses {
            notes.append(
                "After an upgrade from 4.19 or older, take the old file out of META-INF/cloudstack/core: it belongs to "
                    + "META-INF/cloudstack/event now."
            )
        }
        notes.append(
            "The global settings publish.action.events, publish.usage.events, publish.alert.events, publish.resource.state.events and "
                + "publish.async.job.events say which categories are published; all are on unless somebody turned one off."
        )
        return SetupStep(
            title: "On each management server, as root, in a copy of the written directory",
            commands: commands,
            notes: notes
        )
    }
}

extension RabbitMQTarget {
    fileprivate var permissionCommands: [String] {
        let exact = "^\(exchange.escapedForPattern)$".quotedForShell
        let host = virtualHost.quotedForShell
        return [
            "rabbitmqctl add_user \(username.quotedForShell)",
            "rabbitmqctl set_permissions -p \(host) \(username.quotedForShell) \(exact) \(exact) '^$'",
            "rabbitmqctl add_user martlet",
            "rabbitmqctl set_permissions -p \(host) martlet \\",
            "  '^martlet' '^martlet' \("^(martlet.*|\(exchange.escapedForPattern))$".quotedForShell)",
        ]
    }

    fileprivate static let permissionNotes = [
        "The three patterns are configure, write and read. CloudStack declares its exchange with each event, so it needs configure for "
            + "it; Martlet makes a queue of its own and reads the exchange."
    ]
}

extension String {
    /// What comes after the last slash.
    fileprivate var lastSegment: Substring { self[(lastIndex(of: "/").map { index(after: $0) } ?? startIndex)...] }

    /// The text as a regular expression that matches only itself.
    var escapedForPattern: String {
        var escaped = ""
        for character in self {
            if #".\+*?()[]{}|^$"#.contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}
