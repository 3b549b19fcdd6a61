import Foundation
import MartletJSON
import MartletTesting
import Testing

/// `martlet try`, `setup` and `doctor`, as somebody uses them who has never seen Martlet.
@Suite struct FirstLookTests {
    @Test(.enabled(if: KafkaClient.isInstalled, Comment(rawValue: KafkaClient.absenceReason)))
    func `try shows what Kafka carries, and leaves no trace`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 2])
        let servers = cluster.bootstrapServers
        let records = CloudStackShape.all.filter { $0.topic == nil && $0.headers.isEmpty }
            .map { KafkaClient.Record(key: nil, value: $0.body) }
        try await KafkaClient.produce(records + [.init(key: nil, value: "no JSON")], to: "cs", at: servers)
        let result = try await Command.martlet("try", "kafka://\(servers)/cs", "--events", "\(records.count)")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\(records.count) events"), "\(result.output)")
        #expect(!result.output.contains("\u{1B}"), "No codes for a terminal where there is none.")
        // The topic is read from its beginning again: nothing was committed.
        let again = try await Command.martlet("try", "kafka://\(servers)/cs", "--seconds", "5")
        #expect(again.output.contains("\(records.count) events"))
        #expect(again.output.contains("1 unreadable"))
    }

    @Test(.enabled(if: RabbitMQClient.isInstalled, Comment(rawValue: RabbitMQClient.absenceReason)))
    func `try shows what RabbitMQ carries, and leaves no queue`() async throws {
        try await RabbitMQTests.withBroker { host in
            async let trying = Command.martlet("try", host.url, "--events", "20")
            try await eventually("there is a queue", patience: .seconds(60)) { try await !host.queueNames().isEmpty }
            // The queue is bound when it is seen, or a moment later: what is unroutable is published again.
            for number in 0..<20 {
                try await eventually("number \(number) is routed") {
                    let message = RabbitMQTests.action(number)
                    return try await host.publish(message.body, to: "cloudstack-events", key: message.key)
                }
            }
            let result = try await trying
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("20 events"))
            #expect(try await host.queueNames().isEmpty)
        }
    }

    @Test func `a broker that nobody answers for is said to be one, with the exit code for it`() async throws {
        let result = try await Command.martlet("try", "amqp://u:SEEDED@127.0.0.1:1/")
        #expect(result.status == 69)
        #expect(result.errors.contains("127.0.0.1:1"))
        #expect(!(result.output + result.errors).contains("SEEDED"))
    }

    @Test func `setup writes what CloudStack's side needs, once`() async throws {
        let directory = try ScratchDirectory.make().appending(path: "setup").path
        func setup() async throws -> Command.Result {
            try await Command.martlet(
                "setup",
                "cloudstack",
                "--kafka",
                "k1:9092",
                "--topic",
                "cs",
                "--cloudstack-version",
                "4.20",
                "--output",
                directory
            )
        }
        let result = try await setup()
        #expect(result.status == 0, "\(result.errors)")
        let files = try #require(FileManager.default.enumerator(atPath: directory)).compactMap { $0 as? String }
        #expect(files.contains { $0.hasSuffix("etc/cloudstack/management/kafka.producer.properties") })
        #expect(files.contains { $0.hasSuffix("META-INF/cloudstack/event/spring-event-bus-context.xml") })
        // What is printed for martlet.yaml is a configuration that passes, with the file that was just written.
        #expect(result.output.contains("kafka:"))
        // The same again is no conflict.
        #expect(try await setup().status == 0)
    }

    @Test func `doctor tells of the server, its brokers and its configuration, and no secrets`() async throws {
        let server = try await Server(
            configuration: """
                sources:
                  mq: { amqp: { url: "amqp://u:SEEDED1@127.0.0.1:1/" }, format: cloudstack }
                  hook: { http: { secret: "SEEDED2-hook" }, format: cloudstack }
                forwarders:
                  out:
                    kafka: { topic: t, properties: { bootstrap.servers: "127.0.0.1:1", sasl.password: SEEDED3 } }
                    start: earliest
                """
        )
        try await eventually("the source says what keeps it") {
            try await server.source("mq")["state"]?.string == "failing"
        }
        let file = server.directory.appending(path: "doctor.txt")
        let configuration = server.directory.appending(path: "martlet.yaml").path
        let result = try await Command.martlet(
            "doctor",
            "--output",
            file.path,
            "--config",
            configuration,
            "--data",
            server.directory.appending(path: "data").path,
            on: server
        )
        #expect(result.status == 0, "\(result.errors)")
        let report = try String(contentsOf: file, encoding: .utf8)
        #expect(report.contains("127.0.0.1:1"), "Where the source wants to read.")
        #expect(report.contains("librdkafka") && report.contains("rabbitmq"))
        #expect(!report.contains("SEEDED") && !report.contains(server.token))
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        // Without a server there is still the rest.
        #expect(server.stop() == 0)
        let second = server.directory.appending(path: "stopped.txt")
        _ = try await Command.martlet("doctor", "--output", second.path, "--config", configuration, on: server)
        let rest = try String(contentsOf: second, encoding: .utf8)
        #expect(rest.contains("amqp") && !rest.contains("SEEDED"))
    }

    @Test func `a source that falls silent is an alert, and one that speaks again another`() async throws {
        let server = try await Server(
            configuration: "sources: { lab: { http: {}, format: cloudevents, expect-every: 1s } }"
        )
        func alerts() async throws -> [String] {
            try await server.allEvents(query: "&category=alert").compactMap { $0["type"]?.string }
        }
        try await eventually("it is silent") { try await alerts() == ["martlet.source.silent"] }
        let event = #"{"specversion":"1.0","id":"1","source":"/s","type":"t"}"#
        #expect(try await server.post("/v1/sources/lab", event).status == 202)
        try await eventually("it speaks again") {
            try await alerts().prefix(2) == ["martlet.source.silent", "martlet.source.resumed"]
        }
    }
}
