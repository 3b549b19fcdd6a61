import MartletTransfer
import Testing

@testable import MartletCommands

struct ManagementServerProbeTests {
    /// - Parameter sleep: how the patience passes; forever where nothing is said.
    private static func probe(
        keys: CloudStackKeys = StandInManagementServer.keys,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in try await Task.sleep(for: .seconds(3_600)) }
    ) throws -> ManagementServerProbe {
        ManagementServerProbe(
            keys: keys,
            certificateAuthority: nil,
            transfer: try HTTPTransfer(),
            clock: .utc(now: { testTime }),
            sleep: sleep
        )
    }

    private static func servers(_ urls: String...) throws -> [ManagementServer] {
        try urls.map { try #require(ManagementServer($0)) }
    }

    @Test func `each management server is called once, and its event is waited for`() async throws {
        let broker = FakeBroker()
        let first = try StandInManagementServer(publish: { broker.publish($0) })
        let second = try StandInManagementServer(publish: { broker.publish($0) })
        let findings = try await Self.probe().findings(Self.servers(first.server.url, second.server.url), at: broker)
        #expect(findings.map(\.verdict) == [.ok, .ok])
        #expect(findings[0].text == "Its event reached fake://broker 0 ms after the call.")
        #expect([first.server.requests.count, second.server.requests.count] == [1, 1])
    }

    @Test func `the keys stand in no address and no finding`() async throws {
        let broker = FakeBroker()
        let server = try StandInManagementServer(publish: { broker.publish($0) })
        let findings = try await Self.probe().findings(Self.servers(server.server.url), at: broker)
        #expect(server.server.requests.map(\.path) == ["/client/api"])
        let said = findings.map { $0.text + $0.remedy }.joined()
        #expect(!said.contains("test-secret-key") && !said.contains("test-api-key"))
    }

    @Test func `one that publishes nothing is found`() async throws {
        let server = try StandInManagementServer(publish: { _ in })
        let findings = try await Self.probe(sleep: { _ in }).findings(Self.servers(server.server.url), at: FakeBroker())
        #expect(findings.map(\.verdict) == [.problem])
        #expect(findings[0].text.contains("no event of it came to fake://broker within 30 s"))
    }

    @Test func `other events than the probe's are passed over`() async throws {
        let broker = FakeBroker()
        let server = try StandInManagementServer { event in
            broker.publish("no JSON")
            broker.publish(event.replacing("REGISTER.SSH.KEYPAIR", with: "VM.START"))
            broker.publish(event)
        }
        #expect(try await Self.probe().findings(Self.servers(server.server.url), at: broker).map(\.verdict) == [.ok])
    }

    @Test func `wrong keys are named as such, and nothing is waited for`() async throws {
        let server = try StandInManagementServer(publish: { _ in })
        let keys = CloudStackKeys(apiKey: "test-api-key", secretKey: "another")
        let findings = try await Self.probe(keys: keys).findings(Self.servers(server.server.url), at: FakeBroker())
        #expect(findings.map(\.verdict) == [.problem])
        #expect(findings[0].text.hasPrefix("CloudStack does not accept the keys"))
    }

    @Test(arguments: [
        (
            LoopbackServer.Reply.json("<html>", status: 404),
            "Something else than CloudStack's API answers, with the status 404."
        ),
        (.json(#"{"x":1}"#), "Something else than CloudStack's API answers, with the status 200."),
        (
            .json(#"{"registersshkeypairresponse":{"keypair":{}}}"#),
            "CloudStack took a text for an SSH key that is none."
        ),
        (
            .json(#"{"registersshkeypairresponse":{"errorcode":432,"errortext":"not available"}}"#, status: 432),
            "CloudStack does not allow the call: not available"
        ),
    ])
    func `each other answer says what is wrong`(reply: LoopbackServer.Reply, text: String) async throws {
        let server = try LoopbackServer { _, _ in reply }
        let findings = try await Self.probe().findings(Self.servers(server.url), at: FakeBroker())
        #expect(findings.map(\.text) == [text])
        #expect(findings[0].verdict == .problem)
    }

    @Test func `one that cannot be reached keeps nobody from the others`() async throws {
        let broker = FakeBroker()
        let server = try StandInManagementServer(publish: { broker.publish($0) })
        let findings = try await Self.probe().findings(
            Self.servers("http://127.0.0.1:1", server.server.url),
            at: broker
        )
        #expect(findings.map(\.verdict) == [.problem, .ok])
        #expect(findings[0].subject == "127.0.0.1:1")
    }

    @Test func `a broker that cannot be read is the finding`() async throws {
        let failure = BrokerFailure(what: "the exchange x is missing", place: "amqp://mq:5672/", remedy: "make it")
        let server = try StandInManagementServer(publish: { _ in })
        let findings = try await Self.probe().findings(
            Self.servers(server.server.url),
            at: FakeBroker(failure: failure)
        )
        #expect(findings.map(\.text) == ["The exchange x is missing (amqp://mq:5672/)."])
        #expect(findings[0].remedy == "Make it.")
        #expect(server.server.requests.isEmpty)
    }
}
