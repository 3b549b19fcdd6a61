import ArgumentParser
import Testing

@testable import MartletCommands

struct SetupCheckTests {
    private static func findings(_ arguments: [String], _ broker: FakeBroker) async throws -> [Finding] {
        let context = CommandContext(
            environment: [:],
            terminal: Terminal(outputWidth: nil, errorWidth: nil, isInteractive: false),
            clock: .utc(now: { testTime }),
            output: { _ in },
            errors: { _ in },
            answer: { nil },
            sleep: { _ in try await Task.sleep(for: .seconds(3_600)) }
        )
        let check = SetupCheck(source: "cs", options: try CheckSetupOptions.parse(arguments), context: context) { _ in
            broker
        }
        let bootstrap = try #require(HostPort.list("k1", defaultPort: 9092))
        return try await check.findings([.kafka(KafkaTarget(bootstrap: bootstrap, topic: "cs"))])
    }

    @Test func `a check alone says that CloudStack itself is unverified`() async throws {
        let findings = try await Self.findings(["--check"], FakeBroker(findings: [.ok("connection", "There.")]))
        #expect(findings.map(\.subject) == ["connection", "cloudstack"])
        #expect(findings[1].verdict == .unknown)
        #expect(findings[1].text.hasPrefix("Unverified"))
    }

    @Test func `a probe sends something of its own and calls each management server`() async throws {
        let broker = FakeBroker(findings: [.ok("connection", "There.")])
        let server = try StandInManagementServer(publish: { broker.publish($0) })
        let folder = try TemporaryFolder()
        let findings = try await Self.findings(
            [
                "--probe", "--management-server", server.server.url, "--management-server", server.server.url,
                "--api-key-file",
                try folder.file("key", "test-api-key\n"), "--secret-key-file",
                try folder.file("secret", "test-secret-key\n"),
            ],
            broker
        )
        #expect(findings.map(\.verdict) == [.ok, .ok, .ok])
        #expect(findings[1].text == "A message of Martlet's own came back; 0 ms with all that it took.")
        // Named twice, called once.
        #expect(server.server.requests.count == 1)
    }

    @Test func `a broker that is not there is asked nothing more`() async throws {
        let gone = Finding.problem("connection", "Gone.", remedy: "Start it.")
        let findings = try await Self.findings(["--probe"], FakeBroker(findings: [gone]))
        #expect(findings.map(\.subject) == ["connection", "cloudstack"])
    }

    @Test func `a message that does not make it is a problem`() async throws {
        let failure = BrokerFailure(what: "no permission", place: "k1:9092", remedy: "ask")
        let findings = try await Self.findings(["--probe"], FakeBroker(findings: [], failure: failure))
        #expect(findings[0] == .problem("round trip", "No permission (k1:9092).", remedy: "Ask."))
    }
}
