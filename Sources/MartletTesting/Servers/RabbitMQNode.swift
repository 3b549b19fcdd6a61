package import Foundation

/// The settings of one RabbitMQ node, and the files and the environment that tell it.
package struct RabbitMQNode: Sendable {
    package struct Options: Sendable {
        /// Further lines of `rabbitmq.conf`.
        package var configuration: [String]
        /// Makes an encrypted listener too, which asks clients for a certificate without insisting on one.
        package var certificates: TestCertificates?

        package init(configuration: [String] = [], certificates: TestCertificates? = nil) {
            self.configuration = configuration
            self.certificates = certificates
        }
    }

    static let memoryLimit = "2GB"

    /// `rabbit-20123@localhost`.
    package let name: String
    package let port: Int
    package let managementPort: Int
    /// Where it speaks TLS; `nil` where it was given no certificates.
    package let encryptedPort: Int?
    /// What it keeps, its files and its log.
    package let directory: URL
    private let distributionPort: Int
    private let nameService: ErlangNameService
    private let options: Options

    package init(options: Options = Options(), nameService: ErlangNameService) throws {
        self.options = options
        self.nameService = nameService
        port = try FreePort.next()
        managementPort = try FreePort.next()
        distributionPort = try FreePort.next()
        encryptedPort = options.certificates == nil ? nil : try FreePort.next()
        name = "rabbit-\(port)@localhost"
        directory = try ScratchDirectory.make()
    }

    /// What this node is to be told besides, a cluster's members for one.
    package func adding(configuration lines: [String]) -> RabbitMQNode { RabbitMQNode(self, adding: lines) }

    private init(_ node: RabbitMQNode, adding lines: [String]) {
        name = node.name
        port = node.port
        managementPort = node.managementPort
        encryptedPort = node.encryptedPort
        directory = node.directory
        distributionPort = node.distributionPort
        nameService = node.nameService
        var options = node.options
        options.configuration += lines
        self.options = options
    }

    func writeFiles() throws {
        let configuration = configurationLines.joined(separator: "\n") + "\n"
        try configuration.write(to: directory.appending(path: "rabbitmq.conf"), atomically: true, encoding: .utf8)
        try "[rabbitmq_management, rabbitmq_auth_mechanism_ssl].\n".write(
            to: directory.appending(path: "enabled_plugins"),
            atomically: true,
            encoding: .utf8
        )
    }

    private var configurationLines: [String] {
        var lines = [
            "listeners.tcp.1 = 127.0.0.1:\(port)",
            "management.tcp.ip = 127.0.0.1",
            "management.tcp.port = \(managementPort)",
            "disk_free_limit.absolute = 50MB",
            "vm_memory_high_watermark.absolute = \(Self.memoryLimit)",
            "collect_statistics_interval = 1000",
            "log.console = true",
            "log.console.level = info",
            "log.file = false",
            "auth_mechanisms.1 = PLAIN",
            "auth_mechanisms.2 = AMQPLAIN",
            "auth_mechanisms.3 = EXTERNAL",
        ]
        if let certificates = options.certificates, let encryptedPort {
            lines += [
                "listeners.ssl.1 = 127.0.0.1:\(encryptedPort)",
                "ssl_options.cacertfile = \(certificates.authority.path)",
                "ssl_options.certfile = \(certificates.server.path)",
                "ssl_options.keyfile = \(certificates.serverKey.path)",
                "ssl_options.verify = verify_peer",
                "ssl_options.fail_if_no_peer_cert = false",
                "ssl_cert_login_from = common_name",
            ]
        }
        return lines + options.configuration
    }

    var environment: [String: String] {
        let path = directory.path
        return nameService.environment.merging([
            // The script puts itself in the place of Erlang's process then, so that signals and the end reach it.
            "detached": "1",
            "RABBITMQ_NODENAME": name,
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": "\(path)/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": "\(path)/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": "\(path)/data",
            "RABBITMQ_LOG_BASE": "\(path)/log",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_DIST_PORT": "\(distributionPort)",
            // No spinning schedulers: other tests need the processors.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS":
                "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        ]) { $1 }
    }
}
