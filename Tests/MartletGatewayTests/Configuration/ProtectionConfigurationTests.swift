import Foundation
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletGateway

/// `protect` and `readers` in the configuration.
@Suite struct ProtectionConfigurationTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private func findings(_ text: String) -> [String] {
        do {
            return try Configuration(text: text, file: "x", environment: ["TOKEN": Self.token]).warnings.map(
                \.description
            )
        } catch {
            return error.findings.map(\.description)
        }
    }

    private func forwarder(_ protect: String, _ more: String = "") -> String {
        "forwarders: { f: { log: {}, protect: { \(protect) }\(more) } }"
    }

    private func file(_ text: String) throws -> String {
        let file = try ScratchDirectory.make().appending(path: "property-protections.conf")
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    @Test func `everything that protects is read`() throws {
        let path = try file("[^x_.*]\nread = member\n[.*]\nread = @\n")
        let text = """
            sources: { osp: { http: {}, format: oslo }, prod: { http: {}, format: cloudstack } }
            readers:
              noc:
                token: [ "${TOKEN}", "another-token-that-is-long-enough" ]
                protect:
                  audience: user
                  admin-only: ["custom:*"]
                  drop: [a]
                  mask: [b]
                  property-protection: \(path)
                  roles: [Member]
                  rules:
                    - { when: { category: alert }, unless: [{ tenantid: t }, "nova.#"], drop: c, mask: [d] }
            """
        let configuration = try Configuration(text: text, file: "x", environment: ["TOKEN": Self.token])
        #expect(configuration.warnings.isEmpty)
        let reader = try #require(configuration.readers.first)
        #expect(reader.name == "noc" && reader.tokens.count == 2 && reader.tokens.first == Self.token)
        let protection = reader.protection
        #expect(protection.adminOnly.map(\.text) == ["custom:*"])
        #expect(protection.properties?.roles == ["member"] && protection.properties?.rules.count == 2)
        #expect(protection.foreignClouds == ["prod"])
        #expect(protection.rules.first?.when.count == 1 && protection.rules.first?.unless.count == 2)
        #expect(protection.rules.first?.drop.map(\.text) == ["c"] && protection.rules.first?.mask.map(\.text) == ["d"])
    }

    @Test(arguments: [
        ("rules: { when: {}, drop: a }", "should be a list"),
        ("rules: [{ when: { category: alert } }]", "hides nothing"),
        ("rules: [{ drop: a }]", "has no condition"), ("rules: [{ when: { category: allert }, drop: a }]", "allert"),
        ("rules: [{ whenn: { category: alert }, drop: a }]", "did you mean “when”"),
        ("audience: user, admin-only: []", ""), ("admin-only: [a]", "does nothing for an administrator"),
        ("roles: [member]", "does nothing without “property-protection”"),
        ("property-protection: /nowhere/at/all, roles: [a]", "/nowhere/at/all cannot be read"),
    ])
    func `a mistake is found with its place and the remedy`(protect: String, expected: String) {
        let found = findings(forwarder(protect))
        #expect(expected.isEmpty ? found.isEmpty : found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test func `what is wrong with a file of Glance's is told with its name and line`() throws {
        let bad = try file("[a]\nread = admin\n[b]\nread = rule:owner\n")
        let found = findings(forwarder("property-protection: \(bad), roles: [a]"))
        #expect(found.contains { $0.contains("\(bad), line 4: ") && $0.contains("policy") }, "\(found)")
        let silent = try file("[a]\ncreate = admin\n")
        #expect(
            findings(forwarder("property-protection: \(silent), roles: [a]")).contains {
                $0.contains("warning") && $0.contains("line 1: ")
            }
        )
        let good = try file("[a]\nread = admin\n")
        #expect(findings(forwarder("property-protection: \(good)")).contains { $0.contains("without “roles”") })
    }

    @Test func `a forwarder that asks for what it hides is warned of`() {
        func found(_ match: String) -> [String] {
            findings(forwarder("drop: [tenantid], audience: user", ", match: \(match)"))
        }
        #expect(found("[{ tenantid: t }]").contains { $0.contains("warning") && $0.contains("“tenantid”") })
        #expect(found("[{ cloud: c, outcome: failure }, \"#\"]").isEmpty)
    }

    @Test func `the original bytes cannot be protected by anything`() throws {
        let path = try file("[a]\nread = admin\n")
        for protect in [
            "audience: user", "rules: [{ when: \"nova.#\", drop: a }]", "property-protection: \(path), roles: [a]",
        ] {
            #expect(findings(forwarder(protect, ", body: original")).contains { $0.contains("cannot be protected") })
        }
    }

    @Test(arguments: [
        ("noc: {}", "“token” is missing"), ("noc: { token: short }", "is too short"),
        ("noc: { token: \"0123456789abcdef 0123456789abcdef\" }", "blanks"),
        ("a: { token: \"${TOKEN}\" }, b: { token: \"${TOKEN}\" }", "same token as the reader a"),
        ("\"../x\": { token: \"${TOKEN}\" }", "a name has"),
        ("noc: { token: \"${TOKEN}\", protekt: {} }", "did you mean “protect”"),
    ])
    func `a reader that is none is found, and its token is not quoted`(readers: String, expected: String) {
        let found = findings("readers: { \(readers) }")
        #expect(found.contains { $0.contains(expected) }, "\(found)")
        #expect(found.allSatisfy { !$0.contains(Self.token) && !$0.contains("0123456789abcdef") })
    }

    @Test func `readers and their rules are shown without their tokens`() {
        let text = """
            readers:
              noc: { token: s33ded-0123456789abcdef, protect: { drop: [a] } }
              two: { token: [{ file: /run/secrets/two }, s33ded-0123456789abcdeg], tokken: s33ded-0123456789abcdeh }
            """
        let redacted = RedactedConfiguration(text, environment: [:]) { _ in "s33ded-of-a-file-0123456789" }
        #expect(
            !redacted.text.contains("s33ded") && redacted.text.contains("drop")
                && redacted.text.contains("/run/secrets/two")
        )
        #expect(!redacted.secrets.cut(from: "x s33ded-0123456789abcdef s33ded-of-a-file-0123456789").contains("s33ded"))
    }

    @Test func `another token, role or rule is a change, and a file of Glance's with other rules`() throws {
        let path = try file("[a]\nread = admin\n")
        func input(_ token: String = Self.token, roles: String = "a") throws -> ReloadInput {
            let text = """
                readers: { noc: { token: \(token), protect: { property-protection: "\(path)", roles: [\(roles)] } } }
                \(forwarder("property-protection: \"\(path)\", roles: [a]"))
                """
            return ReloadInput(reading: try Configuration(text: text, file: "x", environment: [:]))
        }
        let first = try input()
        #expect(ReloadPlan(from: first, to: try input()).notes.isEmpty)
        #expect(ReloadPlan(from: first, to: try input(Self.token + "x")).notes.count == 1)
        #expect(ReloadPlan(from: first, to: try input(roles: "b")).notes.count == 1)
        try "[a]\nread = @\n".write(toFile: path, atomically: true, encoding: .utf8)
        let plan = ReloadPlan(from: first, to: try input())
        #expect(plan.notes.count == 1 && plan.forwarders.changed == ["f"] && plan.keptSinks == ["f"])
    }

    @Test func `more rules than can be told apart are refused`() {
        func found(_ count: Int) -> [String] {
            let rule = "{ when: { category: alert }, drop: a }"
            return findings(forwarder("rules: [\(Array(repeating: rule, count: count).joined(separator: ","))]"))
        }
        #expect(found(64).isEmpty)
        #expect(found(65).contains { $0.contains("more than 64 rules") })
    }

    @Test func `more readers than anybody has are refused`() {
        func found(_ count: Int) -> [String] {
            let readers = (0..<count).map { "r\($0): { token: \(Self.token)\($0) }" }
            return findings("readers: { \(readers.joined(separator: ", ")) }")
        }
        #expect(found(1_000).isEmpty)
        #expect(found(1_001).contains { $0.contains("more than 1000 readers") })
    }

    @Test func `every example of the guide can be used`() throws {
        let (token, glance) = (try file(Self.token), try file("[a]\nread = member\n"))
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/guide/protect-fields.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let examples = text.components(separatedBy: "```yaml\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        #expect(examples.count >= 5)
        for example in examples {
            let used = example.replacing(#/\/run\/secrets\/\w+/#) { _ in token }
                .replacing("/etc/glance/property-protections.conf", with: glance)
            #expect(findings(used) == [], "\(example)")
        }
    }
}
