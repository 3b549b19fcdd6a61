import Foundation
import MartletJSON
import MartletTesting
import Testing

@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct RabbitMQServerTests {
    @Test func `a virtual host takes messages and gives them back, and goes with all that is in it`() async throws {
        let server = try await RabbitMQServer.shared
        let name = try await server.withVirtualHost { host in
            try await host.makeExchange("events")
            try await host.makeQueue("all")
            #expect(try await !host.publish("nobody", to: "events", key: "a.b"))
            try await host.bind("all", to: "events", key: "a.#")
            #expect(try await host.publish("one", to: "events", key: "a.b"))
            let taken = try await host.take(10, from: "all")
            #expect(taken.map { $0["payload"]?.string } == ["one"])
            #expect(taken.first?["routing_key"]?.string == "a.b")
            return host.name
        }
        await #expect(throws: ServerProcess.Failure.self) {
            _ = try await server.management.get("/api/vhosts/\(name)")
        }
    }
}

/// Nodes of their own, since they are stopped; one test after the other, for the memory and the time that each takes.
@Suite(
    .serialized,
    .timeLimit(.minutes(10)),
    .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)")
)
struct RabbitMQNodeTests {
    @Test func `a node that is killed comes back on its port with what it was told to keep`() async throws {
        let server = try await RabbitMQServer.start()
        let host = RabbitMQVirtualHost(server: server, name: "kept")
        try await host.create()
        try await host.makeQueue("durable")
        try await host.publish("kept", to: "amq.default", key: "durable", properties: #"{"delivery_mode":2}"#)
        for isKilled in [false, true] {
            if isKilled { await server.kill() } else { await server.stop() }
            #expect(await !server.isRunning)
            try await server.start()
        }
        #expect(try await host.take(1, from: "durable").first?["payload"]?.string == "kept")
        await server.kill()
    }
}
