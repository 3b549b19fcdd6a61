import MartletTesting
import MartletTransfer
import Testing

@testable import MartletCommands

@Suite(
    .enabled(if: KafkaMockCluster.isInstalled, Comment(rawValue: KafkaMockCluster.absenceReason)),
    .timeLimit(.minutes(2))
)
struct KafkaBrokerTests {
    private static func broker(_ servers: String, topic: String = "cs") throws -> KafkaBroker {
        let bootstrap = try #require(HostPort.list(servers, defaultPort: 9092))
        // The mock never answers what it does not know, so that each look at a topic takes this long.
        return try KafkaBroker(
            target: KafkaTarget(bootstrap: bootstrap, topic: topic),
            certificateAuthority: nil,
            patience: .seconds(3)
        )
    }

    private static func finding(_ subject: String, _ findings: [Finding]) -> Finding? {
        findings.first { $0.subject == subject }
    }

    @Test func `a check sees brokers, replicas and what the topic holds`() async throws {
        let cluster = try await KafkaMockCluster.start(brokers: 3, topics: ["cs": 2])
        let broker = try Self.broker(cluster.bootstrapServers)
        let before = await broker.findings()
        #expect(Self.finding("connection", before)?.verdict == .ok)
        #expect(Self.finding("brokers", before)?.text == "3 brokers are there.")
        #expect(Self.finding("replication", before)?.text == "3 replicas of each partition.")
        #expect(Self.finding("content", before)?.verdict == .unknown)
        // The mock does not tell settings.
        #expect(Self.finding("settings", before)?.verdict == .unknown)
        #expect(Self.finding("permissions", before)?.verdict == .unknown)

        try await Kcat.produce("one\ntwo\nthree\n", to: "cs", at: cluster.bootstrapServers)
        #expect(Self.finding("content", await broker.findings())?.text == "About 3 records are there to read.")
    }

    @Test func `a partition without a leader is a problem`() async throws {
        let cluster = try await KafkaMockCluster.start(brokers: 1, topics: ["cs": 2])
        try await cluster.moveLeader(of: "cs", 1, toBroker: -1)
        let findings = try await Self.broker(cluster.bootstrapServers).findings()
        #expect(Self.finding("leaders", findings)?.text.contains("partition 1 of cs") == true)
    }

    @Test func `a topic that is not there is a problem`() async throws {
        let cluster = try await KafkaMockCluster.start(brokers: 1, topics: ["other": 1])
        let findings = try await Self.broker(cluster.bootstrapServers).findings()
        #expect(findings.map(\.subject) == ["connection", "brokers", "topic"])
        #expect(findings.last?.verdict == .problem)
    }

    @Test func `brokers that do not answer are the only finding`() async throws {
        let findings = try await Self.broker("127.0.0.1:1").findings()
        #expect(findings.map(\.subject) == ["connection"])
        #expect(findings.map(\.verdict) == [.problem])
    }

    @Test func `a record of its own comes back`() async throws {
        let cluster = try await KafkaMockCluster.start(brokers: 1, topics: ["cs": 1])
        try await Self.broker(cluster.bootstrapServers).roundTrip()
        #expect(try await Kcat.consume("cs", at: cluster.bootstrapServers).isEmpty)
    }

    @Test func `the event of a management server is seen in the topic`() async throws {
        let cluster = try await KafkaMockCluster.start(brokers: 1, topics: ["cs": 3])
        let servers = cluster.bootstrapServers
        let (events, publication) = AsyncStream.makeStream(of: String.self)
        let server = try StandInManagementServer(publish: { publication.yield($0) })
        let probe = ManagementServerProbe(
            keys: StandInManagementServer.keys,
            certificateAuthority: nil,
            transfer: try HTTPTransfer(),
            clock: .system,
            sleep: { _ in try await Task.sleep(for: .seconds(60)) }
        )
        let url = server.server.url
        async let findings = probe.findings([try #require(ManagementServer(url))], at: Self.broker(servers))
        for await event in events {
            try await Kcat.produce("\(event.replacing("\n", with: " "))\n", to: "cs", partition: 2, at: servers)
            break
        }
        #expect(try await findings.map(\.verdict) == [.ok])
    }

    @Test func `only what is written after reading has begun is read`() async throws {
        let cluster = try await KafkaMockCluster.start(brokers: 1, topics: ["cs": 2])
        let servers = cluster.bootstrapServers
        try await Kcat.produce("old\n", to: "cs", partition: 1, at: servers)
        let first = try await Self.broker(servers).withBodies { bodies in
            try await Kcat.produce("new\n", to: "cs", partition: 1, at: servers)
            for await body in bodies { return String(decoding: body, as: UTF8.self) }
            return ""
        }
        #expect(first == "new")
    }

    @Test func `properties that cannot be used are a usage error that names them`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("more.properties", "security.protocol=NONSENSE\n")
        let run = try await run(
            "setup",
            "cloudstack",
            "--kafka",
            "127.0.0.1:1",
            "--topic",
            "cs",
            "--kafka-properties",
            file,
            "--check"
        )
        #expect(run.status == .usage)
        #expect(run.failure?.message.contains("security.protocol") == true)
    }
}
