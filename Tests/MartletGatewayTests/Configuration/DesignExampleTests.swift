import Foundation
import Testing

@testable import MartletGateway

/// The design, which is kept outside of the project.
private let designPath = ProcessInfo.processInfo.environment["MARTLET_DESIGN"] ?? "../shared/DESIGN.md"

@Suite(.enabled(if: FileManager.default.fileExists(atPath: designPath), "the design is absent"))
struct DesignExampleTests {
    @Test func `the design's own example is a configuration without a flaw`() throws {
        let design = try String(contentsOfFile: designPath, encoding: .utf8)
        let start = try #require(design.range(of: "```yaml\nlisten:"))
        let end = try #require(design[start.upperBound...].range(of: "\n```"))
        var example = String(design[start.lowerBound..<end.lowerBound].dropFirst("```yaml\n".count))
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        // The files that it names are not there; these stand for them.
        for (path, content) in [
            ("/etc/cloudstack/management/kafka.producer.properties", "bootstrap.servers=k1:9092\nacks=all\ntopic=cs\n"),
            ("/run/secrets/key", "plgWJfZK4gys3mOMTVmjUVg"), ("/run/secrets/secret", "VDaACYb0LV9eNjTetIOElcVQkvJck"),
            ("/run/secrets/noc", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
        ] {
            let file = directory.appendingPathComponent(String(path.split(separator: "/").last ?? ""))
            try content.write(to: file, atomically: true, encoding: .utf8)
            #expect(example.contains(path))
            example = example.replacing(path, with: file.path)
        }
        let configuration = try Configuration(
            text: example,
            file: "DESIGN.md",
            environment: ["AMQP_PASSWORD": "a password"]
        )
        #expect(configuration.sources.map(\.name).sorted() == ["osp-cell1", "prod-kafka"])
        #expect(configuration.enrichers.map(\.kind) == ["cloudstack"])
        #expect(configuration.forwarders.map(\.name).sorted() == ["billing", "noc"])
    }
}
