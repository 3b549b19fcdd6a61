import MartletTesting
import MartletTransfer
import Testing

@testable import MartletCommands

@Suite(
    .enabled(if: RabbitMQServer.isInstalled, Comment(rawValue: RabbitMQServer.absenceReason)),
    .timeLimit(.minutes(3))
)
struct RabbitMQBrokerTests {
    private static let exchange = "cloudstack-events"
    private static let key = "management-server.ActionEvent.REGISTER-SSH-KEYPAIR.*.*"

    private static func broker(
        _ host: RabbitMQVirtualHost,
        username: String = "guest",
        password: String = "guest"
    ) throws -> RabbitMQBroker {
        RabbitMQBroker(
            target: RabbitMQTarget(
                address: try #require(HostPort("127.0.0.1:\(host.server.port)", defaultPort: 1)),
                virtualHost: host.name,
                exchange: exchange,
                username: username,
                password: password,
                usesTLS: false
            ),
            source: "cs",
            certificateAuthority: nil
        )
    }

    private static func verdict(_ subject: String, _ findings: [Finding]) -> Finding.Verdict? {
        findings.first { $0.subject == subject }?.verdict
    }

    @Test func `a check sees the exchange and Martlet's queue and changes nothing`() async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            try await host.makeExchange(Self.exchange)
            let before = try await Self.broker(host).findings()
            #expect(!before.contains { $0.verdict == .problem })
            #expect(Self.verdict("connection", before) == .ok)
            #expect(Self.verdict("exchange", before) == .ok)
            #expect(Self.verdict("queue", before) == .advice)
            #expect(try await host.queueNames().isEmpty)

            try await host.makeQueue("martlet-cs")
            try await host.bind("martlet-cs", to: Self.exchange)
            try await host.publish("{}", to: Self.exchange, key: Self.key)
            let after = try await Self.broker(host).findings()
            #expect(after.contains { $0.text == "Nobody reads the queue martlet-cs, 1 message waiting." })
        }
    }

    @Test func `a missing exchange is a problem`() async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            let findings = try await Self.broker(host).findings()
            #expect(Self.verdict("exchange", findings) == .problem)
        }
    }

    @Test(arguments: [("fanout", true), ("topic", false)])
    func `an exchange that CloudStack's declaration does not fit is a problem, and stays`(
        type: String,
        isDurable: Bool
    ) async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            try await host.makeExchange(Self.exchange, type: type, durable: isDurable)
            let findings = try await Self.broker(host).findings()
            #expect(Self.verdict("exchange", findings) == .problem)
            #expect(try await Self.broker(host).findings() == findings)
        }
    }

    @Test func `a user who may only read learns that there is an exchange, and no more`() async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            try await host.makeExchange(Self.exchange)
            let user = "reader-\(host.name)"
            try await host.makeUser(user, password: "pw")
            try await host.allow(user: user, configure: "^$", write: "^$")
            let findings = try await Self.broker(host, username: user, password: "pw").findings()
            #expect(Self.verdict("exchange", findings) == .ok)
            #expect(Self.verdict("durability", findings) == .unknown)
            try await host.removeUser(user)
        }
    }

    @Test func `a refused login is the only finding, and has no password in it`() async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            let findings = try await Self.broker(host, password: "wrong-s3cret").findings()
            #expect(findings.map(\.subject) == ["connection"])
            #expect(findings.map(\.verdict) == [.problem])
            #expect(!"\(findings)".contains("wrong-s3cret"))
        }
    }

    @Test func `a virtual host or a broker that is not there is a problem`() async throws {
        let server = try await RabbitMQServer.shared
        let nowhere = RabbitMQVirtualHost(server: server, name: "nowhere")
        #expect(try await Self.broker(nowhere).findings().map(\.verdict) == [.problem])
        let run = try await run(
            ["setup", "cloudstack", "--rabbitmq", "127.0.0.1:1", "--check"],
            environment: ["MARTLET_BROKER_PASSWORD": "guest"]
        )
        #expect(run.status == .failed)
        #expect(run.output.hasPrefix("problem  connection  "))
    }

    @Test func `a message of its own comes back with the rights that Martlet is given, and leaves nothing`()
        async throws
    {
        try await RabbitMQServer.shared.withVirtualHost { host in
            let user = "martlet-\(host.name)"
            try await host.makeUser(user, password: "pw")
            try await host.allow(user: user, configure: "^martlet", write: "^martlet", read: "^martlet")
            try await Self.broker(host, username: user, password: "pw").roundTrip()
            #expect(try await host.queueNames().isEmpty)
            try await host.allow(user: user, configure: "^$", write: "^$", read: "^$")
            let failure = await #expect(throws: BrokerFailure.self) {
                try await Self.broker(host, username: user, password: "pw").roundTrip()
            }
            #expect(failure?.remedy.isEmpty == false)
            try await host.removeUser(user)
        }
    }

    @Test func `the event of a management server is seen at the exchange`() async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            try await host.makeExchange(Self.exchange)
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
            async let findings = probe.findings([try #require(ManagementServer(url))], at: Self.broker(host))
            for await event in events {
                // The same event of another type is not bound for.
                try await host.publish(event, to: Self.exchange, key: "management-server.ActionEvent.VM-START.*.*")
                #expect(try await host.publish(event, to: Self.exchange, key: Self.key))
                break
            }
            #expect(try await findings.map(\.verdict) == [.ok])
        }
    }

    @Test func `an exchange that CloudStack has not made yet is made by the first call, and the second is seen`()
        async throws
    {
        try await RabbitMQServer.shared.withVirtualHost { host in
            let (events, publication) = AsyncStream.makeStream(of: String.self)
            let server = try StandInManagementServer(publish: { publication.yield($0) })
            let probe = ManagementServerProbe(
                keys: StandInManagementServer.keys,
                certificateAuthority: nil,
                transfer: try HTTPTransfer(),
                clock: .system,
                // A poll is a turn of the others; what is longer is a deadline.
                sleep: { if $0 > .seconds(1) { try await Task.sleep(for: $0) } else { await Task.yield() } }
            )
            let url = server.server.url
            async let findings = probe.findings([try #require(ManagementServer(url))], at: Self.broker(host))
            var received = 0
            for await event in events {
                received += 1
                if received == 1 {
                    // As CloudStack does: declared with the first event, which goes to nobody.
                    try await host.makeExchange(Self.exchange)
                    #expect(try await !host.publish(event, to: Self.exchange, key: Self.key))
                } else {
                    #expect(try await host.publish(event, to: Self.exchange, key: Self.key))
                    break
                }
            }
            #expect(try await findings.map(\.verdict) == [.ok])
            #expect(received == 2)
        }
    }

    @Test func `the command prints what it found and ends well where nothing is wrong`() async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            try await host.makeExchange(Self.exchange)
            let run = try await run(
                [
                    "setup", "cloudstack", "--rabbitmq", "127.0.0.1:\(host.server.port)", "--vhost", host.name,
                    "--username",
                    "guest", "--check",
                ],
                environment: ["MARTLET_BROKER_PASSWORD": "guest"]
            )
            #expect(run.failure == nil)
            #expect(run.output.hasPrefix("ok       connection   Connected to amqp://127.0.0.1:"))
            #expect(run.output.contains("unknown  cloudstack   Unverified"))
        }
    }
}
