import Foundation
import Martlet
import MartletPipeline
import Testing

@testable import MartletEnrichers

/// What each enricher must have.
@Suite struct BuiltInEnrichersTests {
    /// The folder of the package.
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func `each enricher is in the list, and has its tests and its page`() throws {
        let listed = Set(BuiltInEnrichers.all.map { "\($0)" })
        let files = try Self.swiftFiles(below: "Sources/MartletEnrichers")
        #expect(files.isEmpty == false)
        for (name, text) in files {
            for line in text.split(separator: "\n") where line.hasSuffix(": EnricherType {") {
                let type = String(line.dropLast(": EnricherType {".count).split(separator: " ").last ?? "")
                #expect(listed.contains(type), "\(type) in \(name) is in no list of built-in enrichers")
            }
        }
        let tests = try Set(Self.swiftFiles(below: "Tests/MartletEnrichersTests").map(\.name))
        for type in listed { #expect(tests.contains("\(type)Tests.swift")) }
        for description in BuiltInEnrichers.descriptions {
            let page = Self.root.appending(path: "docs/reference/enricher-\(description.name).md")
            let text = try String(contentsOf: page, encoding: .utf8)
            #expect(text.contains(description.summary) && text.contains(description.example))
            for field in FieldDescription.flattened(description.fields) {
                #expect(text.contains("| `\(field.name)` |") && text.contains(field.summary), "\(field.name) in \(page)")
            }
        }
    }

    @Test func `names, defaults and examples are of what is described`() {
        let descriptions = BuiltInEnrichers.descriptions
        #expect(Set(descriptions.map(\.name)).count == descriptions.count)
        for description in descriptions {
            #expect(description.kind == .enricher)
            #expect(description.example.contains("- \(description.name):"))
            #expect(Set(description.fields.map(\.name)).count == description.fields.count)
        }
        let policy = EnricherPolicy(ComponentSettings([:]))
        for (name, value) in [
            ("timeout", policy.timeout), ("cache", policy.lifetime), ("concurrency", .seconds(policy.concurrency)),
        ] {
            let text = EnricherFields.policy.first { $0.name == name }?.defaultText ?? ""
            #expect(Duration(text: name == "concurrency" ? "\(text)s" : text) == value)
        }
    }

    private static func swiftFiles(below folder: String) throws -> [(name: String, text: String)] {
        // The folder may be a link, which an enumerator does not enter.
        let root = root.appending(path: folder).resolvingSymlinksInPath()
        let paths = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        return try paths.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map {
            ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
        }
    }
}
