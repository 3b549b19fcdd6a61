import Foundation
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletGateway

@Suite struct EnricherConfigurationTests {
    private func findings(_ text: String) -> [String] {
        do {
            return try Configuration(text: text, file: "test.yaml", environment: [:]).warnings.map(\.description)
        } catch {
            return error.findings.map(\.description)
        }
    }

    @Test func `enrichers are read in their order, secrets from files`() throws {
        let directory = try ScratchDirectory.make()
        defer { try? FileManager.default.removeItem(at: directory) }
        let (key, costs) = (directory.appending(path: "key"), directory.appending(path: "costs.csv"))
        try Data("k3y\n".utf8).write(to: key)
        try Data("tenantid,costcentre\np1,17\n".utf8).write(to: costs)
        let text = """
            enrichers:
              - cloudstack: { cloud: prod, endpoint: "https://cloud/client/api", api-key: { file: \(key.path) }, secret-key: s, cache: 1h }
              - openstack: { cloud: osp, keystone: { auth-url: "https://k:5000/v3", application-credential-id: i, application-credential-secret: s } }
              - lookup: { file: \(costs.path), key: tenantid, columns: [costcentre] }
            """
        let enrichers = try Configuration(text: text, file: "", environment: [:]).enrichers
        #expect(enrichers.map(\.kind) == ["cloudstack", "openstack", "lookup"])
        #expect(enrichers[0].settings.string("api-key") == "k3y")
        #expect(try EnricherPolicy(enrichers[0].settings).lifetime == .seconds(3_600))
        #expect(enrichers.map { $0.table?.rows } == [nil, nil, ["p1": ["costcentre": "17"]]])
    }

    @Test(arguments: [
        ("cloudstack: { cloud: prod, api-key: a, secret-key: s }", "“endpoint” is missing"),
        ("cloudstack: { cloud: prod, endpoint: \"https://u@c/\", api-key: a, secret-key: s }", "cloudstack.endpoint: "),
        ("cloudstack: { cloud: prod, endpoint: \"http://c/client/api\", api-key: a, secret-key: s }", "use https"),
        (
            "cloudstack: { cloud: prod, endpoint: \"https://c/\", api-key: a, secret-key: s, timeout: 0s }",
            "cloudstack.timeout: has to be"
        ),
        ("openstack: { cloud: osp }", "“keystone” is missing"),
        ("openstack: { cloud: osp, keystone: { auth-url: \"https://k:5000/v3\" } }", "has no credential"),
        ("lookup: { key: tenantid }", "“file” is missing"),
        ("lookup: { file: /nowhere/at/all, key: tenantid }", "lookup.file: /nowhere/at/all cannot be read"),
        ("lookup: { file: /etc/hostname, key: tenantId }", "did you mean “tenantid”"),
        ("cloudstak: {}", "did you mean “cloudstack”"),
    ]) func `a mistake is found with its place and the remedy`(text: String, expected: String) {
        let found = findings("enrichers:\n  - \(text)\n")
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test func `a table that is another is a change, though the configuration's text is the same`() throws {
        let file = try ScratchDirectory.make().appending(path: "costs.csv")
        let text = "enrichers: [{ lookup: { file: \"\(file.path)\", key: tenantid } }]"
        func input() throws -> ReloadInput {
            ReloadInput(reading: try Configuration(text: text, file: "x", environment: [:]))
        }
        try Data("tenantid,a\np1,1\n".utf8).write(to: file)
        let (first, same) = (try input(), try input())
        try Data("tenantid,a\np1,2\n".utf8).write(to: file)
        #expect(ReloadPlan(from: first, to: same).isEmpty)
        #expect(ReloadPlan(from: first, to: try input()).hasNewEnrichers)
    }
}
