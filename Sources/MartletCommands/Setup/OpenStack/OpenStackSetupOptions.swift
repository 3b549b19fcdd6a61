import ArgumentParser

/// Where OpenStack's services publish, and what Martlet is to do there.
struct OpenStackSetupOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The broker's nodes; the port is 5672, with --tls 5671.", valueName: "host:port,…"))
    var rabbitmq = "127.0.0.1"

    @Option(
        name: [.customLong("exchange")],
        help: ArgumentHelp(
            "A service's exchange; may be given several times. Else nova, neutron, glance, openstack (cinder's) and keystone.",
            valueName: "name"
        )
    )
    var exchanges: [String] = []

    @Option(help: ArgumentHelp("The virtual host.", valueName: "name"))
    var vhost = "/"

    @Option(help: ArgumentHelp("The user that Martlet logs in as.", valueName: "name"))
    var username = "martlet"

    @Option(help: ArgumentHelp("Martlet's queue.", valueName: "name"))
    var queue = "martlet"

    @Flag(help: "Encrypt, with TLS.")
    var tls = false

    @Flag(help: "Let Martlet make exchanges that a restart of the broker took away.")
    var declare = false

    @Flag(
        name: .customLong("durable"),
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "With --declare: whether the services have amqp_durable_queues or rabbit_quorum_queue, so that Martlet makes exchanges that it has never seen, too."
        )
    )
    var isDurable: Bool?

    @Flag(help: "Have Martlet empty the queues that publishers make by themselves.")
    var drain = false

    static let usualExchanges = ["nova", "neutron", "glance", "openstack", "keystone"]

    private var defaultPort: Int { tls ? 5671 : 5672 }

    func validate() throws {
        guard HostPort.list(rabbitmq, defaultPort: defaultPort) != nil else {
            throw ValidationError("--rabbitmq \(rabbitmq): write the nodes as host:port, with commas between them.")
        }
        let named = exchanges.map { ("exchange", $0) } + [("vhost", vhost), ("username", username), ("queue", queue)]
        for (option, value) in named {
            guard !value.isEmpty, value.utf8.count <= 255, value.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
                throw ValidationError("--\(option) must have 1 to 255 bytes, and no control characters.")
            }
        }
        if isDurable != nil, !declare { throw ValidationError("--durable and --no-durable need --declare.") }
    }

    var target: OpenStackTarget {
        var names: [String] = []
        for name in exchanges.isEmpty ? Self.usualExchanges : exchanges where !names.contains(name) {
            names.append(name)
        }
        return OpenStackTarget(
            // Checked by ``validate()``.
            addresses: HostPort.list(rabbitmq, defaultPort: defaultPort) ?? [],
            virtualHost: vhost,
            usesTLS: tls,
            exchanges: names,
            username: username,
            queue: queue,
            isDurable: isDurable,
            declares: declare,
            drains: drain
        )
    }
}
