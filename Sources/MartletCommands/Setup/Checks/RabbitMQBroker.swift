import Foundation
import MartletAMQP

/// RabbitMQ, over AMQP.
struct RabbitMQBroker: Broker {
    let target: RabbitMQTarget
    /// The name of Martlet's source, after which its queue is named.
    let source: String
    /// A file of certificates to verify the broker by; nil for the system's.
    let certificateAuthority: String?

    var place: String { settings.place }

    /// What keeps somebody else's queue from being met by accident.
    private var ownName: String { "martlet-probe-\(UUID().uuidString.lowercased())" }

    /// Long enough for a slow broker, short enough for somebody who waits.
    private static let patience = Duration.seconds(30)

    private var settings: AMQPSettings {
        var settings = AMQPSettings(hosts: [
            AMQPSettings.Host(
                name: target.address.host,
                port: target.address.port,
                username: target.username,
                password: target.password
            )
        ])
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
                let queue = try await inspection.queue(queueName)
                let facts = RabbitMQFacts(
                    product: inspection.server.product,
                    version: inspection.server.version,
                    exchange: try await exchange(inspection),
                    queue: queue.map {
                        RabbitMQFacts.Queue(name: queueName, messages: $0.messages, consumers: $0.consumers)
                    }
                )
                return [.ok(Finding.connection, "Connected to \(inspection.place) as \(target.username).")]
                    + RabbitMQAdvice(target: target, queueName: queueName, facts: facts).findings
            }
        } catch let error as AMQPError {
            return [BrokerFailure(error).finding(Finding.connection)]
        } catch {
            return [.problem(Finding.connection, "The check was interrupted.", remedy: "Try again.")]
        }
    }

    /// As the source `amqp` names its queue.
    private var queueName: String { "martlet-\(source)" }

    private func exchange(_ inspection: AMQPInspection) async throws -> RabbitMQFacts.Exchange {
        switch try await inspection.exchange(target.exchange, is: "topic", isDurable: true) {
        case .same?: .asDeclared
        case .different(let reason)?: .different(reason)
        case .unknown(let reason)?: .notComparable(reason)
        case nil: .missing
        }
    }

    func roundTrip() async throws {
        try await withSession { session in
            let name = ownName
            // An exchange of its own: the default one may be closed to a user whose names begin with "martlet".
            try await session.declareExchange(name, isDurable: false, isAutoDelete: true)
            let message = AMQPPublication(
                exchange: name,
                routingKey: name,
                body: Array(name.utf8),
                isPersistent: false,
                isMandatory: true
            )
            try await Self.withQueue(name, boundTo: name, pattern: "#", session) { bodies in
                let outcome = await session.publish([message], timeout: Self.patience).first
                guard case .confirmed? = outcome else { throw failure(outcome) }
                for await body in bodies where body == message.body { return }
                throw BrokerFailure(
                    what: "a message that was confirmed did not come back",
                    place: place,
                    remedy: "look into the broker's log"
                )
            }
        }
    }

    private func failure(_ outcome: AMQPOutcome?) -> BrokerFailure {
        switch outcome {
        case .lost(let error)?, .unsent(let error)?: BrokerFailure(error)
        default:
            BrokerFailure(
                what: "the broker did not take a message",
                place: place,
                remedy: "look into the broker's log"
            )
        }
    }

    func isReadable() async throws -> Bool {
        try await withSession { session in
            do {
                try await session.checkExchange(target.exchange)
                return true
            } catch let error as AMQPError {
                guard error.code == .missing else { throw error }
                return false
            }
        }
    }

    func withBodies<Result: Sendable>(
        _ use: @escaping @Sendable (AsyncStream<[UInt8]>) async throws -> Result
    ) async throws -> Result {
        try await withSession { session in
            // The words of CloudStack's routing keys have hyphens where its types have dots.
            let pattern = "#.\(ProbeEvent.type.replacing(".", with: "-")).#"
            return try await Self.withQueue(ownName, boundTo: target.exchange, pattern: pattern, session, use)
        }
    }

    /// A queue that is this connection's alone and goes with it.
    private static func withQueue<Result: Sendable>(
        _ name: String,
        boundTo exchange: String,
        pattern: String,
        _ session: AMQPSession,
        _ use: (AsyncStream<[UInt8]>) async throws -> Result
    ) async throws -> Result {
        try await session.declareQueue(AMQPQueue(name: name, isDurable: false, isExclusive: true, isAutoDelete: true))
        try await session.bind(queue: name, to: exchange, pattern: pattern)
        let (bodies, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        try await session.consume(name, isExclusive: true) { deliveries in
            for delivery in deliveries { continuation.yield(Array(delivery.body)) }
            if let last = deliveries.last { session.acknowledge(last.tag) }
        }
        defer { continuation.finish() }
        return try await use(bodies)
    }

    private func withSession<Result: Sendable>(
        _ use: (AMQPSession) async throws -> Result
    ) async throws -> Result {
        do {
            let session = try await AMQPSession.open(settings, name: "setup")
            let result: Result
            do {
                result = try await use(session)
            } catch {
                await session.close()
                throw error
            }
            await session.close()
            return result
        } catch let error as AMQPError {
            throw BrokerFailure(error)
        }
    }
}

extension BrokerFailure {
    init(_ error: AMQPError) {
        self.init(what: error.what, place: error.place, remedy: error.remedy)
    }
}
