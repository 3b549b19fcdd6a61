@testable import MartletGateway
import Testing

/// Fields that stand in a section of a component's settings.
@Suite struct SectionTests {
    private func findings(_ keystone: String, more: String = "") -> [String] {
        let text = """
            forwarders:
              tenants:
                zaqar:
                  url: http://zaqar.example:8888
                  queue: "martlet-{tenantid}"
                  keystone: \(keystone)
                  \(more)
            """
        do {
            let configuration = try Configuration(text: text, file: "test.yaml", environment: ["SECRET": "s33ded"])
            return configuration.warnings.map(\.description)
        } catch {
            return error.findings.map(\.description)
        }
    }

    private static let good =
        #"{ auth-url: "https://k:5000/v3", application-credential-id: i, application-credential-secret: "${SECRET}" }"#

    @Test func `a section is read by its own descriptions`() {
        #expect(findings(Self.good).isEmpty)
    }

    @Test(arguments: [
        ("{ auth-urll: x }", "6:19: error: forwarders.tenants.zaqar.keystone.auth-urll", "did you mean “auth-url”"),
        ("{ password: p }", "6:17: error: forwarders.tenants.zaqar.keystone", "“auth-url” is missing"),
        (#"{ auth-url: "k:5000" }"#, "keystone.auth-url", "should be a URL"),
        (#"{ auth-url: "https://k", interface: outer }"#, "keystone.interface", "public"),
        (#"{ auth-url: "https://k", timeout: soon }"#, "keystone.timeout", "duration"),
        ("words", "keystone", "should be a mapping"),
        (#"{ auth-url: "https://k" }"#, "6:17: error: forwarders.tenants.zaqar.keystone", "has no credential"),
        (
            #"{ auth-url: "https://k", password: "${SECRET}", project: p }"#,
            "6:52: error: forwarders.tenants.zaqar.keystone.password", "nobody's"
        ),
    ])
    func `what is wrong in it is found with its place`(keystone: String, place: String, says: String) {
        let found = findings(keystone)
        #expect(found.contains { $0.contains(place) && $0.contains(says) }, "\(found)")
        #expect(!found.joined().contains("s33ded"))
    }

    @Test func `a section that holds up nothing but itself is warned of`() {
        let plain = #"{ auth-url: "http://k:5000", application-credential-id: i, application-credential-secret: s }"#
        let found = findings(plain)
        #expect(
            found.count == 1 && found[0].contains("zaqar.keystone.auth-url") && found[0].contains("https"),
            "\(found)"
        )
    }

    @Test func `secrets in a section are not shown`() {
        let redacted = RedactedConfiguration(
            """
            forwarders:
              tenants:
                zaqar:
                  queue: q
                  keystone: { auth-url: "https://u:hunter2@k:5000/v3", password: hunter2, passwrod: hunter2, username: martlet }
                  signed-url: { signature: hunter2, project: p, paths: [/v2/queues/q/messages] }
            """,
            environment: [:]
        )
        #expect(!redacted.text.contains("hunter2"))
        #expect(redacted.text.contains("username: martlet"))
        #expect(redacted.text.contains("/v2/queues/q/messages"))
        #expect(redacted.secrets.cut(from: "a hunter2 b") == "a (secret) b")
    }
}
