import MartletAMQP

/// A look at the services' broker, over AMQP; changes nothing.
struct OpenStackCheck {
    let target: OpenStackTarget
    let password: String
    /// A file of certificates to verify the broker by; nil for the system's.
    let certificateAuthority: String?

    private var settings: AMQPSettings {
        var settings = AMQPSettings(
            hosts: target.addresses.map {
                AMQPSettings.Host(name: $0.host, port: $0.port, username: target.username, password: password)
            }
        )
        settings.virtualHost = target.virtualHost
        if target.usesTLS {
            var tls = AMQPSettings.TLS()
            tls.certificateAuthority = certificateAuthority
            settings.tls = tls
        }
        return settings
    }

    func findings() async -> [Finding] {
        do {
            return try await AMQPInspection.withInspection(of: settings) { inspection in
                [.ok(Finding.connection, "Connected to \(inspection.place) as \(target.username).")]
                    + OpenStackAdvice(target: target, facts: try await facts(inspection)).findings
            }
        } catch let error as AMQPError {
            return [BrokerFailure(error).finding(Finding.connection)]
        } catch {
            return [.problem(Finding.connection, "The check was interrupted.", remedy: "Try again.")]
        }
    }

    private func facts(_ inspection: AMQPInspection) async throws -> OpenStackFacts {
        var exchanges: Set<String> = []
        for name in target.exchanges where try await inspection.exchangeExists(name) { exchanges.insert(name) }
        var queues: [OpenStackFacts.Queue] = []
        for name in OpenStackTarget.defaultQueues {
            if let queue = try await queue(name, inspection) { queues.append(queue) }
        }
        return OpenStackFacts(
            product: inspection.server.product,
            version: inspection.server.version,
            exchanges: exchanges,
            queue: try await queue(target.queue, inspection),
            defaultQueues: queues
        )
    }

    private func queue(_ name: String, _ inspection: AMQPInspection) async throws -> OpenStackFacts.Queue? {
        try await inspection.queue(name).map {
            OpenStackFacts.Queue(name: name, messages: $0.messages, consumers: $0.consumers)
        }
    }
}
