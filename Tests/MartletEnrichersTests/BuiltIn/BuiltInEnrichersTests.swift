import Martlet
import MartletPipeline
import Testing

@testable import MartletEnrichers

/// What each enricher must have, besides what the gateway's tests want of every component.
@Suite struct BuiltInEnrichersTests {
    @Test func `enrichers are described as such, and their examples name them in a list`() {
        for description in BuiltInEnrichers.descriptions {
            #expect(description.kind == .enricher)
            #expect(description.example.contains("- \(description.name):"))
        }
    }

    @Test func `the defaults that are told are those that are used`() throws {
        let policy = try EnricherPolicy(ComponentSettings([:]))
        func told(_ name: String) -> String { EnricherPolicy.fields.first { $0.name == name }?.defaultText ?? "" }
        #expect(Duration(text: told("timeout")) == policy.timeout)
        #expect(Duration(text: told("cache")) == policy.lifetime)
        #expect(Int(told("concurrency")) == policy.concurrency)
    }
}
