import ArgumentParser

/// Where CloudStack is to publish to RabbitMQ.
struct RabbitMQSetupOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The broker; the port is 5672, with --tls 5671.", valueName: "host:port"))
    var rabbitmq: String?

    @Option(help: ArgumentHelp("The exchange.", valueName: "name"))
    var exchange = Self.defaultExchange

    @Option(help: ArgumentHelp("The virtual host.", valueName: "name"))
    var vhost = "/"

    @Option(
        help: ArgumentHelp("The user that CloudStack logs in as; with --check any that may log in.", valueName: "name")
    )
    var username = "cloudstack"

    @Option(
        help: ArgumentHelp("A file with the password, else \(Self.passwordVariable).", valueName: "file"),
        completion: .file()
    )
    var passwordFile: String?

    @Flag(help: "Encrypt, with TLS.")
    var tls = false

    /// The name in CloudStack's own guide.
    static let defaultExchange = "cloudstack-events"
    static let passwordVariable = "MARTLET_BROKER_PASSWORD"

    private var defaultPort: Int { tls ? 5671 : 5672 }

    func validate() throws {
        guard let rabbitmq else {
            if tls || passwordFile != nil || exchange != Self.defaultExchange {
                throw ValidationError("--tls, --password-file and --exchange need --rabbitmq.")
            }
            return
        }
        guard HostPort(rabbitmq, defaultPort: defaultPort) != nil else {
            throw ValidationError("--rabbitmq \(rabbitmq): write one broker as host:port. CloudStack knows only one.")
        }
        for (option, value) in [("exchange", exchange), ("vhost", vhost), ("username", username)] {
            guard !value.isEmpty, value.utf8.count <= 255, value.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
                throw ValidationError("--\(option) must have 1 to 255 bytes, and no control characters.")
            }
        }
    }

    /// - Throws: ``CommandFailure`` where there is no password.
    func target(_ secrets: SecretReader) throws -> RabbitMQTarget? {
        guard let rabbitmq, let address = HostPort(rabbitmq, defaultPort: defaultPort) else { return nil }
        return RabbitMQTarget(
            address: address,
            virtualHost: vhost,
            exchange: exchange,
            username: username,
            password: try secrets.read(
                "password of \(username)",
                file: passwordFile,
                option: "--password-file",
                variable: Self.passwordVariable
            ),
            usesTLS: tls
        )
    }
}
