import Foundation
import MartletJSON
import MartletTesting
import Testing

/// What RabbitMQ and the network do to a source and a sink: nothing is lost, order within a resource is kept, and no restart
/// is needed.
@Suite(.enabled(if: RabbitMQClient.isInstalled, Comment(rawValue: RabbitMQClient.absenceReason)))
struct RabbitMQFaultTests {
    /// What has been delivered, repetitions disregarded.
    private func delivered(to consumer: RabbitMQClient.Consumer) throws -> [Int] {
        var seen: Set<Int> = []
        return try consumer.messages.compactMap { message in
            let event = try JSONDocument(parsing: message["body"]?.string ?? "").root
            return RabbitMQTests.number(of: event["data"])
        }.filter { seen.insert($0).inserted }
    }

    private func waitUntilRunning(_ server: Server) async throws {
        try await eventually("the source runs", patience: .seconds(60)) {
            try await server.source("prod")["state"]?.string == "running"
        }
    }

    @Test func `a broker that is stopped and started, and one that is killed`() async throws {
        let broker = try await RabbitMQServer.start()
        try await broker.withVirtualHost { host in
            try await host.makeExchange("cloudstack-events")
            try await host.makeExchange("martlet")
            try await host.makeQueue("collected")
            try await host.bind("collected", to: "martlet")
            let server = try await Server(configuration: RabbitMQTests.configuration(in: host.url))
            try await waitUntilRunning(server)
            for round in 0..<2 {
                // In the order in which the broker confirmed them, each at least once.
                async let publishing = RabbitMQClient.publish(
                    (0..<150).map { RabbitMQTests.action(round * 150 + $0) },
                    to: "cloudstack-events",
                    at: host.url
                )
                try await eventually("some are stored", patience: .seconds(60)) {
                    try await server.head() > round * 150 + 20
                }
                if round == 0 { await broker.stop() } else { await broker.kill() }
                try await eventually("the source says what keeps it", patience: .seconds(60)) {
                    let source = try await server.source("prod")
                    return source["state"]?.string == "failing"
                        && source["problem"]?["remedy"]?.string?.isEmpty == false
                }
                try await broker.start()
                _ = try await publishing
                try await waitUntilRunning(server)
                try await eventually("all are stored", patience: .seconds(60)) {
                    try await Set(RabbitMQTests.numbers(server)).isSuperset(of: 0..<((round + 1) * 150))
                }
            }
            try await eventually("all are forwarded", patience: .seconds(90)) {
                try await server.forwarder("out")["pending"]?.integer == 0
            }
            let stored = try await RabbitMQTests.numbers(server)
            var seen: Set<Int> = []
            #expect(stored.filter { seen.insert($0).inserted } == Array(0..<300), "In order, repetitions disregarded.")
            // The management interface takes them out of the durable queue, so that this consumer has missed nothing.
            let collected = try await RabbitMQTests.collect(from: "collected", host)
            seen = []
            #expect(collected.filter { seen.insert($0).inserted } == Array(0..<300))
            #expect(server.stop() == 0)
        }
        await broker.stop()
    }

    @Test func `connections that are cut in the middle of a message, half-closed, and slow`() async throws {
        try await RabbitMQTests.withBroker { host in
            let proxy = try FaultProxy(target: host.server.port)
            let url = host.url(port: proxy.port)
            let consumer = try await RabbitMQClient.consume("#", from: "martlet", at: host.url)
            let server = try await Server(configuration: RabbitMQTests.configuration(in: url))
            try await waitUntilRunning(server)
            async let publishing = RabbitMQClient.publish(
                (0..<400).map { RabbitMQTests.action($0) },
                to: "cloudstack-events",
                at: host.url
            )
            for round in 1...6 {
                let before = try await server.head()
                switch round % 3 {
                case 0: proxy.halfClose(round == 3 ? .toClient : .toServer)
                case 1: proxy.cut(after: 5_003, .toClient)
                default: proxy.cut(after: 2_001, .toServer)
                }
                proxy.delay(by: .milliseconds(round))
                try await eventually("more is stored", patience: .seconds(60)) {
                    let head = try await server.head()
                    return head > before + 10 || head >= 400
                }
            }
            proxy.heal()
            _ = try await publishing
            try await eventually("all are stored", patience: .seconds(60)) {
                try await Set(RabbitMQTests.numbers(server)).count == 400
            }
            #expect(try await RabbitMQTests.numbers(server) == Array(0..<400), "Each once, in order.")
            try await eventually("all are forwarded", patience: .seconds(60)) {
                try await server.forwarder("out")["pending"]?.integer == 0
            }
            try await eventually("all arrive in order") { try delivered(to: consumer) == Array(0..<400) }
            #expect(server.stop() == 0)
        }
    }

    @Test func `a broker that blocks publishers holds up the sink, not the source`() async throws {
        let broker = try await RabbitMQServer.start()
        try await RabbitMQTests.withBroker { host in
            try await broker.withVirtualHost { blocked in
                try await blocked.makeExchange("martlet")
                let consumer = try await RabbitMQClient.consume("#", from: "martlet", at: blocked.url)
                let server = try await Server(
                    configuration: RabbitMQTests.configuration(in: host.url, out: blocked.url)
                )
                try await waitUntilRunning(server)
                try await broker.withMemoryAlarm {
                    let messages = (0..<50).map { RabbitMQTests.action($0) }
                    try await RabbitMQClient.publish(messages, to: "cloudstack-events", at: host.url)
                    try await eventually("all are stored") { try await server.head() == 50 }
                    try await eventually("the forwarder says what keeps it", patience: .seconds(60)) {
                        let forwarder = try await server.forwarder("out")
                        return forwarder["state"]?.string == "unavailable"
                            && forwarder["last_error"]?.string?.contains("takes no messages") == true
                    }
                }
                try await eventually("all are forwarded", patience: .seconds(90)) {
                    try await server.forwarder("out")["pending"]?.integer == 0
                }
                try await eventually("all arrive in order") { try delivered(to: consumer) == Array(0..<50) }
                #expect(try await server.forwarder("out")["dead"]?.integer == 0)
            }
        }
        await broker.stop()
    }

    @Test func `a queue that is deleted under the source is made anew, and the gap is an event`() async throws {
        try await RabbitMQTests.withBroker { host in
            let server = try await Server(configuration: RabbitMQTests.configuration(in: host.url))
            try await waitUntilRunning(server)
            try await RabbitMQClient.publish([RabbitMQTests.action(1)], to: "cloudstack-events", at: host.url)
            try await eventually("the first is stored") { try await server.head() == 1 }
            try await host.deleteQueue("martlet-prod")
            try await eventually("a gap is reported") {
                let alerts = try await server.allEvents(query: "&category=alert")
                return alerts.contains {
                    $0["type"]?.string == "martlet.source.gap" && $0["source"]?.string == "/martlet/sources/prod"
                }
            }
            try await waitUntilRunning(server)
            try await RabbitMQClient.publish([RabbitMQTests.action(2)], to: "cloudstack-events", at: host.url)
            try await eventually("the next is stored") { try await RabbitMQTests.numbers(server) == [1, 2] }
            #expect(try await server.source("prod")["gaps"]?.integer == 1)
        }
    }

    @Test func `a message of 100 MB costs only itself`() async throws {
        try await RabbitMQTests.withBroker { host in
            let server = try await Server(configuration: RabbitMQTests.configuration(in: host.url))
            try await waitUntilRunning(server)
            let huge = RabbitMQClient.Message(key: "a.b.c.d.e", body: String(repeating: "x", count: 100 << 20))
            try await RabbitMQClient.publish(
                [RabbitMQTests.action(1), huge, RabbitMQTests.action(2)],
                to: "cloudstack-events",
                at: host.url
            )
            try await eventually("its neighbours are stored", patience: .seconds(60)) {
                try await RabbitMQTests.numbers(server) == [1, 2]
            }
            let item = try await server.get("/v1/quarantine?source=prod").json["items"]?[0]
            #expect(item?["reason"]?.string?.contains("104857600") == true)
            #expect((item?["size"]?.integer ?? .max) < 1 << 20, "Its head alone is kept.")
            try await eventually("it is acknowledged") {
                try await host.queues().allSatisfy { $0["messages"]?.integer == 0 }
            }
        }
    }

    @Test func `wrong credentials, an unknown virtual host, a missing exchange: said clearly, and no busy loop`()
        async throws
    {
        try await RabbitMQTests.withBroker { host in
            let port = host.server.port
            let server = try await Server(
                configuration: """
                    sources:
                      password: { amqp: { url: "amqp://guest:SEEDED@127.0.0.1:\(port)/\(host.name)" }, format: cloudstack }
                      vhost: { amqp: { url: "amqp://guest:guest@127.0.0.1:\(port)/nowhere" }, format: cloudstack }
                      nobody: { amqp: { url: "amqp://guest:guest@127.0.0.1:1/" }, format: cloudstack }
                      exchange:
                        amqp: { url: "\(host.url)", exchanges: [missing, cloudstack-events] }
                        format: cloudstack
                    forwarders:
                      out: { amqp: { url: "\(host.url)", exchange: none }, start: earliest }
                    """
            )
            for (name, word) in [("password", "password"), ("vhost", "nowhere"), ("nobody", "127.0.0.1:1")] {
                try await eventually("\(name) fails") { try await server.source(name)["state"]?.string == "failing" }
                let problem = try await server.source(name)["problem"]
                let text = [problem?["what"]?.string, problem?["where"]?.string, problem?["remedy"]?.string]
                    .compactMap { $0 }.joined(separator: " ")
                #expect(text.contains(word), "\(name): \(text)")
                #expect(problem?["remedy"]?.string?.isEmpty == false)
            }
            // The exchange that is missing stops no other.
            try await RabbitMQClient.publish([RabbitMQTests.action(1)], to: "cloudstack-events", at: host.url)
            try await eventually("the other exchange is read") { try await server.head() == 1 }
            let warning = try await server.source("exchange")["warnings"]?[0]
            #expect(warning?["what"]?.string?.contains("missing") == true)
            try await eventually("the forwarder names its exchange") {
                let forwarder = try await server.forwarder("out")
                return forwarder["state"]?.string == "unavailable"
                    && forwarder["last_error"]?.string?.contains("none") == true
            }
            let before = try Self.processorTime(of: server)
            try await ContinuousClock().sleep(for: .seconds(3))
            let used = try Self.processorTime(of: server) - before
            #expect(used < 1, "Three seconds of retrying took \(used) s of processor time.")
            let status = try await server.get("/v1/status").text
            #expect(!status.contains("SEEDED") && !server.logText.contains("SEEDED"))
            // What was missing appears, and nobody restarts anything.
            try await host.makeExchange("missing")
            try await host.makeExchange("none")
            try await eventually("the forwarder delivers", patience: .seconds(90)) {
                try await server.forwarder("out")["pending"]?.integer == 0
            }
            #expect(server.stop() == 0)
        }
    }

    /// User and system time of a server's process, in seconds.
    private static func processorTime(of server: Server) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(server.identifier)/stat", encoding: .utf8)
        let fields = text.split(separator: " ")
        guard fields.count > 15, let user = Double(fields[13]), let system = Double(fields[14]) else {
            throw ServerError("There is no processor time in \(text)")
        }
        return (user + system) / 100
    }
}
