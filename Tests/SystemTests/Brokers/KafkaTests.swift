import Foundation
import MartletJSON
import MartletTesting
import Testing

/// The real binary between a Kafka cluster, librdkafka's mock in a process of its own, and clients that know nothing of it.
@Suite(.enabled(if: KafkaClient.isInstalled, Comment(rawValue: KafkaClient.absenceReason)))
struct KafkaTests {
    /// The file that CloudStack's guide has its readers write.
    private static func propertiesFile(_ servers: String) throws -> String {
        let file = try ScratchDirectory.make().appending(path: "kafka.producer.properties")
        try "bootstrap.servers=\(servers)\nacks=all\ntopic=cs\nretries=1\n".write(
            to: file,
            atomically: true,
            encoding: .utf8
        )
        return file.path
    }

    private static func configuration(_ servers: String, body: String = "event") throws -> String {
        """
        sources:
          prod: { kafka: { properties-file: \(try propertiesFile(servers)) }, format: cloudstack }
        forwarders:
          out:
            kafka: { bootstrap-servers: [\(servers.replacing(",", with: ", "))], topic: out }
            body: \(body)
            start: earliest
        """
    }

    private static func machine(_ number: Int) -> String {
        "6f1c0f6e-51c2-4f0e-8c40-" + String(repeating: "0", count: 12 - "\(number)".count) + "\(number)"
    }

    /// An action on one of seven machines, told apart by its number alone.
    private static func action(_ number: Int) -> KafkaClient.Record {
        let machine = machine(number % 7)
        return KafkaClient.Record(key: machine, value: RabbitMQTests.action(number, machine: machine).body)
    }

    /// Promise 6: the first arrivals of each machine's numbers rise.
    private static func expectOrder(_ numbers: [Int], _ count: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Set(numbers) == Set(0..<count), sourceLocation: sourceLocation)
        var seen: Set<Int> = []
        let first = numbers.filter { seen.insert($0).inserted }
        for machine in 0..<7 {
            let own = first.filter { $0 % 7 == machine }
            #expect(own == own.sorted(), sourceLocation: sourceLocation)
        }
    }

    private func waitUntilRunning(_ server: Server) async throws {
        try await eventually("the source runs", patience: .seconds(60)) {
            try await server.source("prod")["state"]?.string == "running"
        }
    }

    @Test func `CloudStack's own properties file is enough, and original relays it to the byte`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 3, "out": 3])
        let servers = cluster.bootstrapServers
        let consumer = try await KafkaClient.consume("out", at: servers)
        let shapes = CloudStackShape.all.filter { $0.topic == nil && $0.headers.isEmpty }
        let records = shapes.map { KafkaClient.Record(key: $0.expected["resourceid"], value: $0.body) }
        let garbage = KafkaClient.Record(key: nil, value: "{\"cut off\": ")
        try await KafkaClient.produce(records + [garbage] + (0..<20).map { Self.action($0) }, to: "cs", at: servers)
        let server = try await Server(configuration: Self.configuration(servers, body: "original"))
        try await eventually("all are forwarded", patience: .seconds(60)) {
            try consumer.records.count == records.count + 20
        }
        // What was there before Martlet is read from the earliest on; what cannot be read costs only itself.
        let source = try await server.source("prod")
        #expect(source["accepted"]?.integer == Int64(records.count + 20))
        #expect(source["quarantined"]?.integer == 1)
        try await eventually("there is no lag") { try await server.source("prod")["backlog"]?.integer == 0 }
        let sent = Set((records + (0..<20).map { Self.action($0) }).map { "\($0.key ?? "")|\($0.value ?? "")" })
        let relayed = try consumer.records.map { "\($0["key"]?.string ?? "")|\($0["value"]?.string ?? "")" }
        #expect(Set(relayed) == sent)
        #expect(server.logText.contains("acks"), "A key that does nothing for a reader is named.")
        #expect(server.stop() == 0)
    }

    @Test func `kill -9 under load stores each record once, and loses none`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 4, "out": 4])
        let servers = cluster.bootstrapServers
        let directory = try ScratchDirectory.make()
        let configuration = try Self.configuration(servers)
        let consumer = try await KafkaClient.consume("out", at: servers)
        // Without ids, and with the same content several times: only the offsets tell them apart.
        let count = 3_000
        try await KafkaClient.produce((0..<count).map { Self.action($0) }, to: "cs", at: servers)
        for round in 1...3 {
            let server = try await Server(in: directory, configuration: configuration)
            try await eventually("some more are stored", patience: .seconds(60)) {
                try await server.head() >= round * 200
            }
            server.kill9()
        }
        let server = try await Server(in: directory, configuration: configuration)
        try await eventually("all are stored", patience: .seconds(60)) { try await server.head() == count }
        let stored = try await RabbitMQTests.numbers(server)
        #expect(stored.count == count && Set(stored).count == count, "Each once.")
        Self.expectOrder(stored, count)
        try await eventually("all are forwarded", patience: .seconds(60)) {
            try await server.forwarder("out")["pending"]?.integer == 0
        }
        func delivered() throws -> [Int] {
            try consumer.records.compactMap { record in
                RabbitMQTests.number(of: try JSONDocument(parsing: record["value"]?.string ?? "").root["data"])
            }
        }
        try await eventually("all arrive") { try Set(delivered()).count == count }
        Self.expectOrder(try delivered(), count)
        #expect(server.stop() == 0)
    }

    @Test func `leaders change and brokers go away, and nothing is lost`() async throws {
        let cluster = try await KafkaMockCluster.start(brokers: 3, topics: ["cs": 3, "out": 3])
        let servers = cluster.bootstrapServers
        let server = try await Server(configuration: Self.configuration(servers))
        try await waitUntilRunning(server)
        let consumer = try await KafkaClient.consume("out", at: servers)
        for round in 0..<4 {
            try await KafkaClient.produce(
                (round * 200..<round * 200 + 100).map { Self.action($0) },
                to: "cs",
                at: servers
            )
            switch round {
            case 0:
                for partition in 0..<3 {
                    for topic in ["cs", "out"] { try await cluster.moveLeader(of: topic, partition, toBroker: 3) }
                }
            case 1: try await cluster.takeDown(broker: 3)
            case 2:
                try await cluster.bringUp(broker: 3)
                for partition in 0..<3 {
                    for topic in ["cs", "out"] {
                        try await cluster.moveLeader(of: topic, partition, toBroker: partition + 1)
                    }
                }
            default: break
            }
            if round == 1 {
                try await cluster.bringUp(broker: 3)
            }
            try await KafkaClient.produce(
                (round * 200 + 100..<round * 200 + 200).map { Self.action($0) },
                to: "cs",
                at: servers
            )
        }
        try await eventually("all are stored", patience: .seconds(90)) {
            try await Set(RabbitMQTests.numbers(server)).count == 800
        }
        Self.expectOrder(try await RabbitMQTests.numbers(server), 800)
        #expect(try await server.head() == 800, "Each once.")
        try await eventually("all are forwarded", patience: .seconds(90)) {
            try await server.forwarder("out")["pending"]?.integer == 0
        }
        func delivered() throws -> [Int] {
            try consumer.records.compactMap { record in
                RabbitMQTests.number(of: try JSONDocument(parsing: record["value"]?.string ?? "").root["data"])
            }
        }
        try await eventually("all arrive") { try Set(delivered()).count == 800 }
        Self.expectOrder(try delivered(), 800)
        #expect(server.stop() == 0)
    }

    @Test func `an unknown topic and a cluster that is away are said clearly, and mended without a restart`()
        async throws
    {
        let cluster = try await KafkaMockCluster.start(topics: ["cs": 1])
        let servers = cluster.bootstrapServers
        try await cluster.setError(3, ofTopic: "out")
        let server = try await Server(
            configuration: Self.configuration(servers)
                + """

                  nobody: { kafka: { bootstrap-servers: ["127.0.0.1:1"], topic: x }, start: earliest }
                """
        )
        try await waitUntilRunning(server)
        try await KafkaClient.produce([Self.action(0)], to: "cs", at: servers)
        for (name, word) in [("out", "out"), ("nobody", "127.0.0.1:1")] {
            try await eventually("\(name) says what keeps it", patience: .seconds(90)) {
                let forwarder = try await server.forwarder(name)
                return forwarder["state"]?.string == "unavailable"
                    && forwarder["last_error"]?.string?.contains(word) == true
            }
        }
        try await cluster.takeDown()
        try await eventually("the source says what keeps it", patience: .seconds(90)) {
            let source = try await server.source("prod")
            return source["state"]?.string == "failing" && source["problem"]?["remedy"]?.string?.isEmpty == false
        }
        try await cluster.bringUp()
        try await cluster.setError(0, ofTopic: "out")
        try await waitUntilRunning(server)
        try await KafkaClient.produce([Self.action(1)], to: "cs", at: servers)
        try await eventually("both are forwarded", patience: .seconds(90)) {
            try await server.forwarder("out")["delivered"]?.integer == 2
        }
        #expect(server.stop() == 0)
    }
}
