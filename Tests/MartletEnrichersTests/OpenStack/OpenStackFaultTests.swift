import Martlet
import MartletClouds
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletEnrichers

/// What is said where a service of OpenStack's, or what stands in for it here, gives no good answer; and what is never said.
@Suite(.timeLimit(.minutes(2))) struct OpenStackFaultTests {
    private static func expect(
        _ failure: EnricherError?,
        says words: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let text = failure?.description ?? "(no failure)"
        for word in words { #expect(text.contains(word), sourceLocation: sourceLocation) }
        // The stand-in quotes the token in what it refuses.
        #expect(!text.contains("s33ded"), sourceLocation: sourceLocation)
    }

    @Test func `a credential that Keystone does not take is told as such`() async throws {
        let rig = try await OpenStackRig(secret: "s33ded-wrong")
        Self.expect(await rig.failure(), says: "Keystone answered 401", "application credential")
    }

    /// Who takes what is not there for gone may not take what is not shown for it.
    @Test func `a refusal is no confirmation that a resource is gone`() async throws {
        let rig = try await OpenStackRig()
        try await rig.cloud.setResources(#"{"networks": [{"id": "n1", "name": "net"}]}"#)
        func confirmed(_ type: String, _ id: String) async throws -> String? {
            try await rig.enricher.confirmedFacts(of: ResourceReference(type: type, id: id))?.name
        }
        #expect(try await confirmed("Network", "n1") == "net")
        #expect(try await confirmed("Network", "gone") == nil)
        try await rig.cloud.setRefused(["networks"])
        await #expect(throws: EnricherError.self) { _ = try await confirmed("Network", "gone") }
        await #expect(throws: EnricherError.self) { _ = try await confirmed("UnheardOf", "gone") }
    }

    @Test func `a service that wants to be left alone says how long`() async throws {
        let rig = try await OpenStackRig()
        for status in [413, 429, 503] {
            try await rig.cloud.script(#"[{"status": \#(status), "headers": {"Retry-After": "17"}}]"#)
            let failure = await rig.failure()
            #expect(failure?.retryAfter == .seconds(17))
            Self.expect(failure, says: "network service answered \(status)", "networks/n1")
        }
        try await rig.cloud.revokeAll()
        try await rig.cloud.script("[{}]")
        try await rig.cloud.scriptTokens(#"[{"status": 503, "headers": {"Retry-After": "9"}}]"#)
        let failure = await rig.failure()
        #expect(failure?.retryAfter == .seconds(9))
        Self.expect(failure, says: "Keystone answered 503")
    }

    @Test func `failures and what is no answer of a service's are told without its text`() async throws {
        let rig = try await OpenStackRig()
        try await rig.cloud.setResources(#"{"networks": [{"id": "n1", "name": "net", "status": "ACTIVE"}]}"#)
        for (step, words) in [
            (#"{"status": 500}"#, "answered 500"), (#"{"status": 400}"#, "answered 400"),
            (#"{"truncate": 30}"#, "breaks off"), (#"{"text": "<html>s33ded</html>"}"#, "breaks off"),
            (#"{"text": "[1, 2]"}"#, "breaks off"), (#"{"text": "{\"servers\": {}}"}"#, "breaks off"),
            (#"{"status": 302, "text": "", "headers": {"Location": "http://s33ded.example"}}"#, "catalogue"),
        ] {
            try await rig.cloud.script("[\(step)]")
            Self.expect(await rig.failure(), says: words)
        }
        try await rig.cloud.script("[{}]")
        #expect(await rig.failure() == nil, "it answers again")
    }

    @Test func `a service that the catalogue does not have is named, with what there is`() async throws {
        let rig = try await OpenStackRig()
        try await rig.cloud.setCatalogue(#"{"network": null}"#)
        Self.expect(await rig.failure(), says: "no public endpoint of type network")
        let admin = try await OpenStackRig(interface: "admin")
        Self.expect(await admin.failure(), says: "no admin endpoint of type network", "public in RegionOne")
    }

    @Test func `silence and a closed enricher are errors in time`() async throws {
        let rig = try await OpenStackRig(timeout: .milliseconds(500))
        try await rig.cloud.setResources(#"{"networks": [{"id": "n1"}]}"#)
        try await rig.cloud.script(#"[{"hang": true}]"#)
        Self.expect(await rig.failure(), says: "127.0.0.1")
        await rig.enricher.close()
        Self.expect(await rig.failure(), says: "closed")
    }

    @Test func `settings of no use are refused by field, without their text`() throws {
        func failure(_ settings: ComponentSettings) -> ComponentError? {
            #expect(throws: ComponentError.self) { try OpenStackConfiguration(settings) }
        }
        #expect(failure(ComponentSettings(["cloud": .string("osp")]))?.field == "keystone")
        #expect(failure(ComponentSettings([:]))?.field == "cloud")
        let error = failure(OpenStackRig.settings("ftp://s33ded"))
        #expect(error?.field == "keystone.auth-url" && error?.description.contains("s33ded") == false)
        let context = ComponentContext(name: "osp", body: .enriched, time: SystemTime(), logger: LogCapture().logger)
        #expect(
            try OpenStackEnricher.check(OpenStackRig.settings("http://keystone.example:5000"), context: context).count
                == 1
        )
        #expect(
            try OpenStackEnricher.check(OpenStackRig.settings("https://keystone.example:5000"), context: context)
                .isEmpty
        )
    }
}
