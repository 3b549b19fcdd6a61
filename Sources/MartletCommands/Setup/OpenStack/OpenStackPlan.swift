/// Everything that makes an OpenStack hand its notifications to Martlet: what is typed, and what is to be known about it.
struct OpenStackPlan: Sendable {
    let target: OpenStackTarget
    /// The name of Martlet's source.
    let source: String

    /// In order: the broker, each service, Martlet's machine.
    var steps: [SetupStep] { [brokerStep] + target.exchanges.map { serviceStep(.named($0)) } + [martletStep] }

    private var brokerStep: SetupStep {
        let (configure, write, read) = target.permissions
        let host = target.virtualHost.quotedForShell
        let user = target.username.quotedForShell
        var notes = [
            "The three patterns are configure, write and read. Martlet makes the queue \(target.queue) and an exchange of the same name, "
                + "which shows it that the broker was started anew; it reads the services' exchanges."
        ]
        notes.append(
            target.declares
                ? "Services' exchanges are not durable by default, and gone after a restart of the broker. With configure for them Martlet "
                    + "makes those anew that it has seen, as they were, before the first notification."
                : "After a restart of the broker the services' exchanges are gone until each service publishes again, and what it "
                    + "publishes first is missed: with --declare Martlet may make them before."
        )
        notes.append(
            "On the vhost whose messages they are: usually the services' remote calls go there, too, which Martlet neither reads nor needs."
        )
        return SetupStep(
            title: "On RabbitMQ",
            commands: [
                "rabbitmqctl add_user \(user)", "rabbitmqctl set_permissions -p \(host) \(user) \\",
                "  \(configure.quotedForShell) \(write.quotedForShell) \(read.quotedForShell)",
            ],
            notes: notes
        )
    }

    private func serviceStep(_ service: OpenStackService) -> SetupStep {
        let own = service.settings.map {
            $0.replacing("TRANSPORT_URL", with: target.transportURL(user: "USER", password: "PASSWORD"))
        }
        return SetupStep(
            title: "\(service.name), exchange \(service.exchange): \(service.file)",
            commands: (service.usesOslo ? OpenStackService.notificationLines : []) + own,
            notes: service.gaps
        )
    }

    private var martletStep: SetupStep {
        SetupStep(
            title: "On Martlet's machine",
            commands: [],
            notes: [
                "The password of the user \(target.username) goes into \(MartletSource.passwordFile), readable for Martlet alone."
            ]
        )
    }

    /// The piece of `martlet.yaml`.
    var sourceLines: [String] {
        let hosts = target.addresses.map(\.description).joined(separator: ",")
        let path = target.virtualHost == "/" ? "" : target.virtualHost.percentEncoded
        var lines = [
            "sources:", "  \(source.quotedForYAML):", "    format: oslo", "    amqp:",
            "      transport-url: \("rabbit://\(hosts)/\(path)\(target.usesTLS ? "?ssl=1" : "")".quotedForYAML)",
            "      username: \(target.username.quotedForYAML)",
            "      password: { file: \(MartletSource.passwordFile) }",
            "      exchanges: [\(target.exchanges.map(\.quotedForYAML).joined(separator: ", "))]",
            "      queue: \(target.queue.quotedForYAML)",
        ]
        if let isDurable = target.isDurable, target.declares { lines.append("      durable-exchanges: \(isDurable)") }
        if target.drains { lines.append("      drain-default-queues: true") }
        return lines
    }

    /// What OpenStack's way out cannot do, whatever Martlet does.
    var limits: [String] {
        var limits = [
            "A service publishes nothing without a driver, which is unset by default.",
            "Each service also makes a queue of its own for each topic and priority, notifications.info for one, which fills until "
                + "somebody reads it. With --drain Martlet does, but for queues with another consumer, such as Ceilometer's.",
            "A notification is published once: where the broker is away, the service waits (retry in [oslo_messaging_notifications], "
                + "-1 by default, without end) and its API with it; with another value it gives up, and the notification is lost.",
            "An exchange that is there with other flags than a service declares has oslo.messaging lose every notification of that "
                + "service. Martlet makes none by guess: say --durable or --no-durable where it is to make one that it has never seen.",
            "oslo.messaging before 14.7.0 sends the callers' tokens with each notification. Martlet cuts them before it stores anything, "
                + "but the queues have them: let nobody else read them.",
        ]
        if target.usesTLS {
            limits.append(
                "The services encrypt with ssl=1, but verify the broker only with ssl_ca_file. Martlet verifies always, by the system's "
                    + "certificates or by ca-file."
            )
        }
        return limits
    }
}
