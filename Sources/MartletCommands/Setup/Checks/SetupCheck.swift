import Foundation
import Martlet
import MartletTransfer

/// Everything that `--check` and `--probe` look at.
struct SetupCheck {
    let source: String
    let options: CheckSetupOptions
    let context: CommandContext
    /// The broker of a target; nil for a webhook, which has none.
    let broker: @Sendable (SetupTarget) throws -> (any Broker)?

    init(command: SetupCloudStackCommand, context: CommandContext) {
        let (source, authority) = (command.source, command.checking.caFile)
        self.init(source: source, options: command.checking, context: context) { target in
            switch target {
            case .rabbitMQ(let target):
                RabbitMQBroker(target: target, source: source, certificateAuthority: authority)
            case .kafka(let target): try KafkaBroker(target: target, certificateAuthority: authority)
            case .webhook: nil
            }
        }
    }

    init(
        source: String,
        options: CheckSetupOptions,
        context: CommandContext,
        broker: @escaping @Sendable (SetupTarget) throws -> (any Broker)?
    ) {
        self.source = source
        self.options = options
        self.context = context
        self.broker = broker
    }

    /// - Throws: ``CommandFailure`` where the keys cannot be read.
    func findings(_ targets: [SetupTarget]) async throws -> [Finding] {
        let probe = try managementServerProbe()
        var all: [Finding] = []
        for target in targets {
            let findings = try await findings(target, probe)
            // Two brokers have the same subjects.
            all += targets.count == 1 ? findings : findings.map { $0.prefixed(by: target.word) }
        }
        if probe == nil, targets.contains(where: \.hasBroker) {
            all.append(
                .unknown(
                    "cloudstack",
                    "Unverified: whether the management servers publish was not tried.",
                    remedy:
                        "Say --probe with --management-server for each of them, --api-key-file and --secret-key-file."
                )
            )
        }
        return all
    }

    private func findings(_ target: SetupTarget, _ probe: ManagementServerProbe?) async throws -> [Finding] {
        if case .webhook(let webhook) = target {
            return WebhookAdvice(target: webhook, isPrivate: Self.isPrivate(webhook.url)).findings
        }
        guard let broker = try broker(target) else { return [] }
        var findings = await broker.findings()
        // A broker that does not answer would only be waited for once more.
        guard !findings.contains(where: { $0.subject == Finding.connection && $0.verdict == .problem }) else {
            return findings
        }
        let trip = options.probe ? [try await roundTrip(broker)] : []
        guard let probe else { return findings + trip }
        let calls = try await probe.findings(options.servers, at: broker)
        // CloudStack makes what it publishes to with its first event: what was missing may be there now.
        if findings.contains(where: { $0.verdict == .problem }) { findings = await broker.findings() }
        return findings + trip + calls
    }

    private func roundTrip(_ broker: any Broker) async throws -> Finding {
        let start = context.clock.now()
        do {
            let isBack = try await Self.limited(ManagementServerProbe.patience, context) {
                try await broker.roundTrip()
            }
            guard isBack else {
                return .problem(
                    "round trip",
                    "A message of Martlet's own did not come back within \(Measures.duration(ManagementServerProbe.patience)).",
                    remedy: "Look at the broker's load and its log."
                )
            }
            let time = Measures.milliseconds(context.clock.now() - start)
            return .ok("round trip", "A message of Martlet's own came back; \(time) with all that it took.")
        } catch let failure as BrokerFailure {
            return failure.finding("round trip")
        }
    }

    /// nil where no management server is to be called.
    private func managementServerProbe() throws -> ManagementServerProbe? {
        guard let keys = try options.keys, !options.servers.isEmpty else { return nil }
        do {
            return ManagementServerProbe(
                keys: keys,
                certificateAuthority: options.caFile,
                transfer: try HTTPTransfer(userAgent: "martlet/\(Release.version)"),
                clock: context.clock,
                sleep: context.sleep
            )
        } catch {
            throw CommandFailure(error.message)
        }
    }

    /// Whether something ended within a time; what has not is cancelled.
    private static func limited(
        _ limit: Duration,
        _ context: CommandContext,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                try await context.sleep(limit)
                return false
            }
            let isDone = try await group.next() ?? false
            group.cancelAll()
            return isDone
        }
    }

    /// nil where the host is a name.
    private static func isPrivate(_ url: String) -> Bool? {
        guard let host = URLComponents(string: url)?.host else { return nil }
        let text = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        guard let address = NetworkAddress(text) else { return nil }
        return NetworkPolicy.publicOnly(plainHTTP: true).refusal(of: address) != nil
    }
}
