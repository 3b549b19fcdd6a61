import MartletJSON
import MartletPipeline
import MartletTesting

@testable import MartletAMQP

/// Where sinks deliver to in tests: the exchange `events` in a virtual host of its own, and the queue `all` bound to it.
struct AMQPOutlet: Sendable {
    let host: RabbitMQVirtualHost

    static func with(
        _ server: RabbitMQServer? = nil,
        _ body: (AMQPOutlet) async throws -> Void
    ) async throws {
        let server = if let server { server } else { try await RabbitMQServer.shared }
        try await server.withVirtualHost { host in
            try await host.makeExchange("events")
            try await host.makeQueue("all")
            try await host.bind("all", to: "events")
            try await body(AMQPOutlet(host: host))
        }
    }

    /// - Parameter port: a proxy's; else the server's own.
    func sink(_ settings: [String: ComponentSettings.Value] = [:], port: Int? = nil) throws -> AMQPSink {
        let url = host.url(port: port ?? host.server.port)
        let values: [String: ComponentSettings.Value] = ["url": .string(url), "exchange": .string("events")]
        return try AMQPSink(settings: ComponentSettings(values.merging(settings) { $1 }), context: .sample())
    }

    /// What the queue holds.
    func messages() async throws -> [JSONValue] { try await host.peek(at: "all") }

    /// The ids of the CloudEvents that the queue holds.
    func ids() async throws -> [String] {
        try await messages().compactMap { message in
            try message["payload"]?.string.flatMap { try JSONDocument(parsing: $0).root["id"]?.string }
        }
    }
}
