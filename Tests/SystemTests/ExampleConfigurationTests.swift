import Foundation
import MartletTesting
import Testing

/// `martlet.example.yaml`: as it stands, and with what is commented out in it.
@Suite struct ExampleConfigurationTests {
    private static let file = Server.root.appending(path: "martlet.example.yaml")

    /// The sources, enrichers and forwarders that are commented out, each under its section's name.
    ///
    /// Such an entry begins with `# name:` at the place where an entry would, and goes on as long as lines are indented deeper.
    private static func commentedOut() throws -> (sections: [String: [String]], names: [String]) {
        let entry = /^(|  )# ([a-z-]+):( .*)?$/
        var sections: [String: [String]] = [:]
        var names: [String] = []
        var section = ""
        var prefix: String?
        let text = try String(contentsOf: file, encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /^([a-z-]+):.*$/) { section = String(match.1) }
            if let match = line.wholeMatch(of: entry) {
                prefix = String(match.1)
                // At the left edge it is a section of its own.
                if match.1.isEmpty { section = String(match.2) } else { names.append(String(match.2)) }
                if !match.1.isEmpty { sections[section, default: []].append("  \(line.dropFirst(4))") }
                continue
            }
            guard let indentation = prefix, line.hasPrefix("\(indentation)#   ") else {
                prefix = nil
                continue
            }
            sections[section, default: []].append(indentation + line.dropFirst(indentation.count + 2))
        }
        return (sections, names)
    }

    @Test func `it is fine as it stands`() async throws {
        let result = try await Command.run(Server.binary.path, ["check", Self.file.path])
        #expect(result.status == 0, "\(result.errors)")
        #expect(!result.errors.contains("warning"), "\(result.errors)")
    }

    @Test func `what is commented out in it is fine too`() async throws {
        let (sections, names) = try Self.commentedOut()
        #expect(names == ["lab", "big", "piped", "osp", "tenants"])
        #expect(Set(sections.keys) == ["sources", "enrichers", "forwarders", "readers"])
        let directory = try ScratchDirectory.make()
        defer { try? FileManager.default.removeItem(at: directory) }
        // The files that it names are the user's.
        let files = [
            ("kafka.producer.properties", "bootstrap.servers=127.0.0.1:1\ntopic=cs\n"),
            ("costs.csv", "tenantid,costcentre\np1,4711\n"),
        ]
        var text = sections.map { "\($0):\n\($1.joined(separator: "\n"))\n" }.joined()
            .replacing(/\{ file: \/[^ ,}]+ \}/) { _ in #""a-secret-of-some-length-that-will-do""# }
        for (name, content) in files {
            let file = directory.appending(path: name)
            try content.write(to: file, atomically: false, encoding: .utf8)
            text = text.replacing(try Regex("/[a-z/]+/\(name)")) { _ in file.path }
        }
        let configuration = directory.appending(path: "martlet.yaml")
        try text.write(to: configuration, atomically: false, encoding: .utf8)
        let result = try await Command.run(
            Server.binary.path,
            ["check", configuration.path],
            environment: ["AMQP_PASSWORD": "another"]
        )
        #expect(result.status == 0, "\(result.errors)\n\(text)")
        #expect(!result.errors.contains("warning"), "\(result.errors)")
        for name in names + ["openstack", "cloudstack", "lookup"] { #expect(text.contains("\(name):")) }
    }
}
