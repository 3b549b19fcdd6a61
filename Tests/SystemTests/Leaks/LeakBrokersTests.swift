import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Promise 9, through RabbitMQ, Kafka and Zaqar.
@Suite(.timeLimit(.minutes(10))) struct LeakBrokersTests {
    /// Sends the seeds through a sink, protected and not, and looks at what has come: once in each.
    private static func send(
        _ sink: (_ name: String) -> String,
        _ arrived: (_ name: String) async throws -> String
    ) async throws {
        let setup = try LeakSetup(in: ScratchDirectory.make())
        let server = try await Server(
            in: setup.directory,
            configuration: setup.configuration([
                setup.protected("enriched", sink("enriched")), setup.protected("event", sink("event"), body: "event"),
                setup.open("control", sink("control")),
            ])
        )
        try await LeakSeeds.publish(to: server)
        for name in ["enriched", "event", "control"] {
            try await eventually("\(name) is through") { try await server.hasConcluded(name) }
            let forwarder = try await server.forwarder(name)
            #expect(forwarder["delivered"]?.integer ?? 0 >= 6 && forwarder["dead"]?.integer == 0)
        }
        for name in ["enriched", "event"] {
            let text = try await arrived(name)
            #expect(LeakMarks.leaks(in: text) == [], "\(name)")
            #expect(LeakMarks.all(in: text, of: [LeakMarks.seen]).count > 5, "\(name): \(text)")
        }
        let control = try await arrived("control")
        #expect(LeakMarks.all(in: control, of: [LeakMarks.credentials]) == [])
        #expect(LeakMarks.all(in: control, of: LeakMarks.hidden).count > 50)
        #expect(server.stop() == 0)
        #expect(LeakMarks.leaks(in: server.logText) == [])
    }

    @Test(.enabled(if: RabbitMQClient.isInstalled, Comment(rawValue: RabbitMQClient.absenceReason)))
    func `no mark leaves over RabbitMQ, in bodies, headers or routing keys`() async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            for name in ["enriched", "event", "control"] {
                try await host.makeExchange(name)
                try await host.makeQueue(name)
                try await host.bind(name, to: name)
            }
            // Binary mode writes the attributes into headers; `original` relays the key that an event came with.
            try await Self.send { name in
                "amqp: { url: \"\(host.url)\", exchange: \(name), cloudevents: \(name == "event" ? "binary" : "structured"), routing-key: original }"
            } _: { name in
                try await host.peek(at: name).map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "\n")
            }
        }
    }

    @Test(.enabled(if: KafkaClient.isInstalled, Comment(rawValue: KafkaClient.absenceReason)))
    func `no mark leaves over Kafka, in values, keys or headers`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["enriched": 1, "event": 1, "control": 1])
        try await Self.send { name in
            "kafka: { bootstrap-servers: [\"\(cluster.bootstrapServers)\"], topic: \(name) }"
        } _: { name in
            try await Kcat.consume(name, format: "%k %h %s\n", at: cluster.bootstrapServers).joined(separator: "\n")
        }
    }

    @Test(.enabled(if: ZaqarServer.isInstalled, "\(ZaqarServer.absenceReason)"))
    func `no mark leaves to Zaqar, in bodies or names of queues`() async throws {
        let zaqar = try await ZaqarServer.shared
        let project = "leaks"
        let prefix = ZaqarServer.newQueue()
        try await Self.send { name in
            "zaqar: { url: \"\(zaqar.url)\", project: \(project), queue: \"\(prefix)-\(name)-{tenantid:nobody}\" }"
        } _: { name in
            guard name == "control" else {
                // Who may not see the owner gets everything in the queue of nobody.
                return try await zaqar.bodies(in: "\(prefix)-\(name)-nobody", project: project).map {
                    String(decoding: $0.bytes, as: UTF8.self)
                }.joined(separator: "\n")
            }
            var texts: [String] = []
            for queue in [
                "nobody", LeakSeeds.tenant, LeakSeeds.tenant + "2", LeakSeeds.tenant + "3", LeakSeeds.tenant + "4",
            ] {
                texts += try await zaqar.bodies(in: "\(prefix)-\(name)-\(queue)", project: project).map {
                    String(decoding: $0.bytes, as: UTF8.self)
                }
            }
            return texts.joined(separator: "\n")
        }
    }
}
