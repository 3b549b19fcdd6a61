import Testing

@testable import MartletCommands

struct KafkaAdviceTests {
    /// A topic that nothing is wrong with.
    private static let good = KafkaFacts(
        brokers: 3,
        partitions: (0..<6).map { number in
            KafkaFacts.Partition(number: number, hasLeader: true, replicas: 3, inSync: 3, offsets: 100..<200)
        },
        settings: [
            "retention.ms": "604800000", "retention.bytes": "-1", "min.insync.replicas": "2",
            "cleanup.policy": "delete",
            "unclean.leader.election.enable": "false",
        ]
    )

    private static func findings(_ change: (inout KafkaFacts) -> Void = { _ in }) -> [Finding] {
        var facts = good
        change(&facts)
        return KafkaAdvice(topic: "cs", facts: facts).findings
    }

    /// What is not as it should be, as `verdict subject`.
    private static func complaints(_ change: (inout KafkaFacts) -> Void) -> [String] {
        findings(change).filter { $0.verdict != .ok }.map { "\($0.verdict.rawValue) \($0.subject)" }
    }

    @Test func `where nothing is wrong, nothing is said`() {
        #expect(Self.findings().allSatisfy { $0.verdict == .ok })
        #expect(Self.findings().contains(.ok("content", "About 600 records are there to read.")))
    }

    @Test func `a missing topic is a problem`() {
        #expect(Self.complaints { $0.partitions = nil } == ["problem topic"])
    }

    struct Setting: Sendable, CustomTestStringConvertible {
        var name: String
        var value: String?
        var complaint: String?

        var testDescription: String { "\(name)=\(value ?? "") \(complaint ?? "ok")" }
    }

    @Test(arguments: [
        Setting(name: "retention.ms", value: "604800000"), Setting(name: "retention.ms", value: "-1"),
        Setting(name: "retention.ms", value: "3600000", complaint: "advice retention"),
        Setting(name: "retention.ms", value: "nonsense", complaint: "unknown retention"),
        Setting(name: "retention.ms", value: nil, complaint: "unknown retention"),
        Setting(name: "retention.bytes", value: "1073741824", complaint: "advice size"),
        Setting(name: "retention.bytes", value: "9223372036854775807", complaint: "advice size"),
        Setting(name: "cleanup.policy", value: "compact", complaint: "problem cleanup"),
        Setting(name: "cleanup.policy", value: "compact,delete", complaint: "problem cleanup"),
        Setting(name: "min.insync.replicas", value: "1", complaint: "advice min.insync"),
        Setting(name: "min.insync.replicas", value: "3", complaint: "advice min.insync"),
        Setting(name: "min.insync.replicas", value: "4", complaint: "problem min.insync"),
        Setting(name: "min.insync.replicas", value: nil),
        Setting(name: "unclean.leader.election.enable", value: "true", complaint: "advice leaders"),
    ])
    func `each setting is judged`(setting: Setting) {
        #expect(Self.complaints { $0.settings?[setting.name] = setting.value } == [setting.complaint].compactMap { $0 })
    }

    @Test func `settings that may not be read are unknown, not fine`() {
        #expect(Self.complaints { $0.settings = nil } == ["unknown settings"])
    }

    @Test(arguments: [(1, "One replica only"), (2, "2 replicas: no broker can fail")])
    func `fewer than three replicas are worth a word`(replicas: Int, text: String) {
        let findings = Self.findings { facts in
            facts.settings?["min.insync.replicas"] = "1"
            facts.partitions = facts.partitions?.map { partition in
                var partition = partition
                (partition.replicas, partition.inSync) = (replicas, replicas)
                return partition
            }
        }
        #expect(findings.first { $0.subject == "replication" }?.text.hasPrefix(text) == true)
        #expect(!findings.contains { $0.verdict == .problem })
    }

    @Test func `too few replicas in sync refuse CloudStack's writes`() {
        #expect(
            Self.complaints { $0.partitions?[0].inSync = 1 } == ["advice in sync", "problem min.insync"]
        )
        #expect(Self.complaints { $0.partitions?[0].inSync = 2 } == ["advice in sync"])
    }

    @Test func `a partition without a leader is named`() {
        let findings = Self.findings { $0.partitions?[4].hasLeader = false }
        #expect(findings.first { $0.verdict == .problem }?.text.contains("partition 4") == true)
    }

    @Test func `an empty topic shows nothing of CloudStack`() {
        let empty = Self.complaints { facts in
            for index in 0..<6 { facts.partitions?[index].offsets = 7..<7 }
        }
        #expect(empty == ["unknown content"])
        #expect(Self.complaints { $0.partitions?[0].offsets = nil } == [])
    }

    @Test func `every complaint says what to do`() {
        let all = Self.findings { $0.settings = nil } + Self.findings { $0.partitions = nil }
        #expect(all.filter { $0.verdict != .ok }.allSatisfy { !$0.remedy.isEmpty })
    }
}
