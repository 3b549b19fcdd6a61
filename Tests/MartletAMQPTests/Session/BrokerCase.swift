import MartletTesting

@testable import MartletAMQP

/// A virtual host of a test's own on the shared node, and sessions in it.
struct BrokerCase: Sendable {
    let host: RabbitMQVirtualHost

    static func run(_ body: (BrokerCase) async throws -> Void) async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in try await body(BrokerCase(host: host)) }
    }

    func settings(port: Int? = nil) throws -> AMQPSettings {
        var settings = try AMQPSettings(url: port.map { host.url(port: $0) } ?? host.url)
        settings.heartbeat = .seconds(5)
        return settings
    }

    func open(
        limits: AMQPLimits = AMQPLimits(),
        observer: @escaping @Sendable (AMQPNotice) -> Void = { _ in }
    ) async throws -> AMQPSession {
        try await AMQPSession.open(settings(), name: "test", limits: limits, observer: observer)
    }

    /// Publishes bodies under one key, and returns when the broker has them.
    func publish(_ bodies: [String], to exchange: String, key: String) async throws {
        let session = try await open()
        let outcomes = await session.publish(
            bodies.map {
                AMQPPublication(exchange: exchange, routingKey: key, body: Array($0.utf8), isMandatory: true)
            }
        )
        await session.close()
        for outcome in outcomes where outcome != .confirmed {
            throw ServerProcess.Failure("A message was not taken: \(outcome)")
        }
    }
}
