package import MartletPipeline

/// How to reach a broker, checked: the same for the source, the sink and the bus.
package struct AMQPSettings: Sendable, Hashable {
    package struct Host: Sendable, Hashable {
        /// A name or an address; an IPv6 address without brackets.
        package var name: String
        package var port: Int
        package var username: String
        package var password: String

        package init(name: String, port: Int, username: String = "guest", password: String = "guest") {
            self.name = name
            self.port = port
            self.username = username
            self.password = password
        }
    }

    package enum Mechanism: String, Sendable, CaseIterable {
        /// User and password.
        case plain
        /// Whom the client's certificate names.
        case external
    }

    package struct TLS: Sendable, Hashable {
        /// A file of certificates; the system's where there is none.
        package var certificateAuthority: String?
        package var certificate: String?
        package var key: String?
        /// Whether the broker's certificate and its name are verified.
        package var isVerifying = true

        package init() {}
    }

    /// At least one; they are tried in order.
    package var hosts: [Host]
    package var virtualHost = "/"
    package var tls: TLS?
    package var mechanism = Mechanism.plain
    package var heartbeat = Duration.seconds(30)
    package var connectTimeout = Duration.seconds(10)
    /// How oslo.messaging's publishers declare, where the address says so.
    package var publisher = PublisherFlags()
    /// What is not wrong, but worth a word.
    package var warnings: [ComponentWarning] = []

    package init(hosts: [Host]) { self.hosts = hosts }
}

extension AMQPSettings {
    /// Where it leads, without credentials: `amqp://mq1:5672,mq2:5672/cloud`.
    package var place: String { place(hosts.map(\.text).joined(separator: ",")) }

    /// One of the hosts, without credentials: `amqp://mq1:5672/cloud`.
    package func place(of host: Host) -> String { place(host.text) }

    private func place(_ hosts: String) -> String {
        let path = virtualHost == "/" ? "/" : "/\(AMQPAddress.encode(virtualHost))"
        return "\(tls == nil ? "amqp" : "amqps")://\(hosts)\(path)"
    }
}

extension AMQPSettings.Host {
    fileprivate var text: String { name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)" }
}
