import Foundation
import MartletPipeline
import Testing

@testable import MartletGateway

/// What each built-in component must have; see the end of DESIGN's rooms in `docs/ARCHITECTURE.md`.
@Suite struct BuiltInTests {
    private static let types: [(name: String, description: ComponentDescription)] =
        BuiltInComponents.sinkTypes.map { ("\($0)", $0.description) }
        + BuiltInComponents.sourceTypes.map { ("\($0)", $0.description) }
    private static let descriptions =
        BuiltInComponents.sinks + BuiltInComponents.sources + BuiltInComponents.enrichers
    /// The modules that components are in.
    private static let modules = ["MartletAMQP", "MartletConnectors", "MartletEnrichers", "MartletKafka"]

    /// Set to write the described part of each page anew.
    private static let isRecording = ProcessInfo.processInfo.environment["MARTLET_RECORD"] == "1"

    @Test(arguments: descriptions.map(\.name).indices)
    func `the page of a component says what its description says`(_ index: Int) throws {
        let description = Self.descriptions[index]
        let page = ReferencePage(of: description)
        if Self.isRecording { try page.record(description.markdown) }
        #expect(
            try page.describedPart() == description.markdown,
            "\(page.path) has drifted from the description: run the tests with MARTLET_RECORD=1, and look at the difference."
        )
    }

    @Test func `each component runs the conformance suite of its kind`() throws {
        let tests = try Self.modules.flatMap { try Self.sources(below: "Tests/\($0)Tests") }
        for (name, description) in Self.types {
            let suite = description.kind == .sink ? "SinkConformance {" : "SourceConformance("
            let file = tests.first { $0.name == "\(name)Tests.swift" }
            #expect(file?.text.contains(suite) == true, "\(name)Tests.swift has to run \(suite.dropLast())")
        }
    }

    @Test func `each component has its line in the list of built-in ones`() throws {
        let listed = Set(Self.types.map(\.name) + BuiltInComponents.enricherTypes.map { "\($0)" })
        for file in try Self.modules.flatMap({ try Self.sources(below: "Sources/\($0)") }) {
            for kind in [": SinkType {", ": SourceType {", ": EnricherType {"] {
                for line in file.text.split(separator: "\n") where line.hasSuffix(kind) {
                    let name = String(line.dropLast(kind.count).split(separator: " ").last ?? "")
                    #expect(listed.contains(name), "\(name) in \(file.name) is in no list of built-in components")
                }
            }
        }
    }

    @Test func `names are told apart, and defaults and examples are of the fields described`() {
        let names = Self.descriptions.map { "\($0.kind)-\($0.name)" }
        #expect(Set(names).count == names.count)
        for description in Self.descriptions {
            #expect(Set(description.fields.map(\.name)).count == description.fields.count)
            #expect(description.example.contains("\(description.name):"))
            for field in description.fields {
                #expect(!field.isRequired || field.defaultText == nil)
                if case .choice(let choices) = field.form, let text = field.defaultText {
                    #expect(choices.contains(text))
                }
            }
        }
    }

    private static func sources(below folder: String) throws -> [(name: String, text: String)] {
        // The folder may be a link, which an enumerator does not enter.
        let root = ReferencePage.root.appendingPathComponent(folder).resolvingSymlinksInPath()
        let paths = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        return try paths.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map {
            ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
        }
    }
}
