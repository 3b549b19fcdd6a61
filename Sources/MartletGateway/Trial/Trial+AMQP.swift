import MartletAMQP
import MartletPipeline

extension Trial {
    /// Parameters of an address, besides those that are options of the command too.
    private static let parameters = ["exchange", "binding", "ca-file", "verify"]

    /// Reads exchanges of a RabbitMQ through a queue that goes away with the connection, from now on.
    static func amqp(_ address: TrialAddress, _ options: TrialOptions) throws(TrialAddressError) -> Trial {
        let settings = try amqpSettings(address)
        let exchanges = (options.exchanges + address.values(of: "exchange")).or(TrialOptions.standardExchange)
        let bindings = (options.bindings + address.values(of: "binding")).or("#")
        let configuration = AMQPSourceConfiguration(watching: settings, exchanges: exchanges, bindings: bindings)
        var trial = Trial(
            place: settings.place,
            transport: .amqp,
            decoder: options.format.decoder,
            findings: { await findings(settings, exchanges: exchanges, bindings: bindings) },
            logger: options.logger
        ) { port, store, context in
            AMQPSource(configuration: configuration, port: port, store: store, context: context)
        }
        if settings.tls?.isVerifying == false {
            trial.warnings = ["The broker's certificate is not verified: whoever answers gets the password."]
        }
        return trial
    }

    private static func amqpSettings(_ address: TrialAddress) throws(TrialAddressError) -> AMQPSettings {
        for parameter in address.parameters where !parameters.contains(parameter.name) {
            throw .parameter(parameter.name, known: parameters)
        }
        var settings = AMQPSettings(
            hosts: address.hosts.map { host in
                AMQPSettings.Host(
                    name: host.name,
                    port: host.port,
                    // RabbitMQ's own, which it lets in from its own machine only.
                    username: address.username ?? "guest",
                    password: address.password ?? "guest"
                )
            }
        )
        settings.virtualHost = address.path
        if address.isEncrypted {
            var tls = AMQPSettings.TLS()
            tls.certificateAuthority = address.values(of: "ca-file").last
            tls.isVerifying = address.values(of: "verify").last != "false"
            settings.tls = tls
        }
        return settings
    }

    /// What a second connection sees of the broker.
    private static func findings(
        _ settings: AMQPSettings,
        exchanges: [String],
        bindings: [String]
    ) async -> [TrialFinding] {
        let session: AMQPSession
        do {
            session = try await AMQPSession.open(settings, name: sourceName)
        } catch {
            return [TrialFinding("a second connection: \(error)", isGood: false)]
        }
        var findings = [TrialFinding("\(session.server.product) \(session.server.version)")]
        for exchange in exchanges {
            do {
                try await session.checkExchange(exchange)
                let patterns = bindings.joined(separator: ", ")
                findings.append(
                    TrialFinding(
                        "the exchange \(exchange) is there, and our queue is bound to it with \(patterns)",
                        isGood: true
                    )
                )
            } catch {
                // Of one that is missing the source has said so already.
                if error.code != .missing {
                    findings.append(TrialFinding("the exchange \(exchange): \(error)", isGood: false))
                }
            }
        }
        await session.close()
        return findings
    }
}

extension [String] {
    /// What is there, or else this one.
    fileprivate func or(_ standard: String) -> [String] { isEmpty ? [standard] : self }
}
