import Testing

@testable import MartletCommands

struct RabbitMQAdviceTests {
    private static func findings(
        host: String = "mq",
        usesTLS: Bool = true,
        _ change: (inout RabbitMQFacts) -> Void = { _ in }
    ) throws -> [Finding] {
        let target = RabbitMQTarget(
            address: try #require(HostPort(host, defaultPort: 5671)),
            virtualHost: "/",
            exchange: "cloudstack-events",
            username: "cloudstack",
            password: "s3cret",
            usesTLS: usesTLS
        )
        var facts = RabbitMQFacts(
            product: "RabbitMQ",
            version: "4.1.2",
            exchange: .asDeclared,
            queue: RabbitMQFacts.Queue(name: "martlet-cs", messages: 1, consumers: 1)
        )
        change(&facts)
        return RabbitMQAdvice(target: target, queueName: "martlet-cs", facts: facts).findings
    }

    private static func verdict(_ subject: String, _ findings: [Finding]) -> Finding.Verdict? {
        findings.first { $0.subject == subject }?.verdict
    }

    @Test func `a broker that is well has nothing but what was not tried`() throws {
        let findings = try Self.findings()
        #expect(findings.filter { $0.verdict != .ok }.map(\.subject) == ["permissions"])
        #expect(findings.contains(.ok("queue", "The queue martlet-cs is being read, 1 message waiting.")))
    }

    @Test(arguments: [
        ("RabbitMQ", "4.0.0", Finding.Verdict.ok), ("RabbitMQ", "3.13.7", .advice), ("RabbitMQ", "3.10.8", .advice),
        ("RabbitMQ", "3.6.15", .advice), ("RabbitMQ", "4.1.0-rc.2", .ok), ("RabbitMQ", "", .unknown),
        ("LavinMQ", "2.0", .unknown),
    ])
    func `the version is judged`(product: String, version: String, verdict: Finding.Verdict) throws {
        let findings = try Self.findings {
            $0.product = product
            $0.version = version
        }
        #expect(Self.verdict("broker", findings) == verdict)
    }

    @Test(arguments: [("mq", true, Finding.Verdict.ok), ("mq", false, .advice), ("localhost", false, .ok)])
    func `a password in the clear is worth a word`(host: String, usesTLS: Bool, verdict: Finding.Verdict) throws {
        #expect(Self.verdict("transport", try Self.findings(host: host, usesTLS: usesTLS)) == verdict)
    }

    @Test func `a missing exchange is a problem, one of another kind, too`() throws {
        #expect(Self.verdict("exchange", try Self.findings { $0.exchange = .missing }) == .problem)
        let different = try Self.findings { $0.exchange = .different("inequivalent arg 'type'") }
        #expect(different.first { $0.subject == "exchange" }?.text.contains("inequivalent arg 'type'") == true)
        #expect(Self.verdict("exchange", different) == .problem)
    }

    @Test func `where the kind may not be seen, it is unknown`() throws {
        let findings = try Self.findings { $0.exchange = .notComparable("access refused") }
        #expect(Self.verdict("exchange", findings) == .ok)
        #expect(Self.verdict("durability", findings) == .unknown)
    }

    @Test func `a queue that is not there, or that nobody reads, is worth a word`() throws {
        #expect(Self.verdict("queue", try Self.findings { $0.queue = nil }) == .advice)
        let unread = try Self.findings { $0.queue?.consumers = 0 }
        #expect(unread.first { $0.subject == "queue" }?.text == "Nobody reads the queue martlet-cs, 1 message waiting.")
    }

    @Test func `nothing of it has the password`() throws {
        let all = try Self.findings { $0.exchange = .missing }
        #expect(!all.contains { $0.text.contains("s3cret") || $0.remedy.contains("s3cret") })
    }
}
