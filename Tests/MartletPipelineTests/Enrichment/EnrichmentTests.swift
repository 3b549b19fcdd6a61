import Martlet
import MartletClouds
import MartletJSON
import MartletTesting
import Testing

@testable import MartletPipeline

@Suite(.timeLimit(.minutes(1))) struct EnrichmentTests {
    private static func named(_ name: String) -> ResourceFacts {
        var facts = ResourceFacts()
        facts.name = name
        return facts
    }

    private static func resource(in body: [UInt8]) throws -> JSONValue {
        try #require(try JSONDocument(parsing: body[...]).root["data"]?["resource"])
    }

    /// Runs intake, enrichment and a forwarder that waits two seconds around the body.
    private func run(
        _ rig: ForwarderRig,
        _ enrichers: [ScriptedEnricher],
        _ sink: ScriptedSink,
        _ body: () async throws -> Void
    ) async throws {
        rig.enrichment.configure(enrichers.map(\.member))
        let forwarder = try await rig.makeForwarder(sink, body: .enriched, enrichWait: .seconds(2))
        try await withThrowingTaskGroup { group in
            group.addTask { await rig.enrichment.run(submittingTo: rig.intake) }
            try await rig.run(forwarder, body)
            group.cancelAll()
        }
    }

    @Test func `what the cloud says is there when the event leaves, with the names of what it is tied to`() async throws
    {
        let enricher = ScriptedEnricher(types: ["VirtualMachine", "Zone"]) { resource, _ in
            var facts = Self.named("the \(resource.id)")
            if resource.type == "VirtualMachine" { facts.relate("zone", "z-1") }
            return facts
        }
        let (rig, sink) = (ForwarderRig(), ScriptedSink())
        try await run(rig, [enricher], sink) {
            try await rig.publish(["1"], resource: "vm-1")
            await sink.waitForBatches(1)
            let resource = try Self.resource(in: try #require(sink.bodies.first))
            #expect(resource["document"]?["name"]?.string == "the vm-1")
            #expect(resource["enrichment"]?.string == "complete")
            // The zone is asked for behind the machine; the next event has its name.
            await rig.enrichment.settle(
                [
                    ResourceSubject(cloud: "c", resource: ResourceReference(type: "Zone", id: "z-1")):
                        Position(rawValue: 1)
                ],
                atMost: .seconds(60)
            )
            rig.time.advance(by: NameCache.lifetime)
            try await rig.publish(["2"], resource: "vm-1")
            await sink.waitForBatches(2)
            let names = try Self.resource(in: try #require(sink.bodies.last))["names"]
            #expect(names?["zone"]?["z-1"]?.string == "the z-1")
            #expect(enricher.questions.filter { $0 == "z-1" }.count == 1)
        }
    }

    @Test func `a project that owns something is called by its name, though it is no account`() async throws {
        let enricher = ScriptedEnricher { _, _ in
            var facts = Self.named("web")
            (facts.ownerID, facts.isOwnerConfirmed) = ("p-1", true)
            return facts
        }
        let (rig, sink) = (ForwarderRig(), ScriptedSink())
        try await run(rig, [enricher], sink) {
            let project = ResourceSubject(cloud: "c", resource: ResourceReference(type: "Project", id: "p-1"))
            let knowledge = ResourceKnowledge(subject: project, facts: Self.named("apollo"), asked: .zero)
            _ = try await rig.intake.submit(IntakeBatch(knowledge: [knowledge]))
            try await rig.publish(["1"], resource: "vm-1")
            await sink.waitForBatches(1)
            let names = try Self.resource(in: try #require(sink.bodies.first))["names"]
            #expect(names?["tenantid"]?["p-1"]?.string == "apollo")
        }
    }

    @Test func `an enricher that hangs holds an event up for as long as the forwarder says, and not longer`()
        async throws
    {
        let enricher = ScriptedEnricher { _, _ in
            try await Task.sleep(for: .seconds(3_600))
            return nil
        }
        let (rig, sink) = (ForwarderRig(), ScriptedSink())
        try await run(rig, [enricher], sink) {
            try await rig.publish(["1"], resource: "vm-1")
            // The forwarder's patience, and the enricher's.
            await rig.time.waitForSleepers(2)
            #expect(sink.bodies.isEmpty)
            rig.time.advance(by: .seconds(2))
            await sink.waitForBatches(1)
            let resource = try Self.resource(in: try #require(sink.bodies.first))
            #expect(resource["enrichment"]?.string == "partial")
        }
    }

    @Test func `what failed is asked again, and holds up nothing more`() async throws {
        let enricher = ScriptedEnricher { resource, number in
            if number == 1 { throw EnricherError("HTTP 500") }
            return Self.named("the \(resource.id)")
        }
        let (rig, sink) = (ForwarderRig(), ScriptedSink())
        try await run(rig, [enricher], sink) {
            try await rig.publish(["1"], resource: "vm-1")
            await sink.waitForBatches(1)
            #expect(try Self.resource(in: try #require(sink.bodies.first))["enrichment"]?.string == "partial")
            let status = try #require(rig.enrichment.statuses.first)
            #expect(status.failed == 1 && status.lastError == "HTTP 500")
            await rig.time.waitForSleepers(1)
            rig.time.advance(by: .seconds(2))
            while try await rig.store.resources(type: "VirtualMachine", id: "vm-1", cloud: "c").first?.name == nil {
                await Task.yield()
            }
            #expect(enricher.questions == ["vm-1", "vm-1"])
        }
    }

    @Test func `enrichers are asked in their order, and the first one's word counts`() async throws {
        let first = ScriptedEnricher { _, _ in Self.named("first") }
        let second = ScriptedEnricher { _, _ in
            var facts = Self.named("second")
            facts.domainID = "d-1"
            return facts
        }
        let (rig, sink) = (ForwarderRig(), ScriptedSink())
        try await run(rig, [first, second], sink) {
            try await rig.publish(["1"], resource: "vm-1")
            await sink.waitForBatches(1)
            let document = try Self.resource(in: try #require(sink.bodies.first))["document"]
            #expect(document?["name"]?.string == "first")
            #expect(document?["domainid"]?.string == "d-1")
        }
    }

    @Test func `many events of a resource are one question, and what nobody knows is not asked for`() async throws {
        let enricher = ScriptedEnricher { resource, _ in Self.named(resource.id) }
        let (rig, sink) = (ForwarderRig(), ScriptedSink())
        try await run(rig, [enricher], sink) {
            try await rig.publish((1...100).map(String.init), resource: "vm-1")
            try await rig.publish(["none"])
            await sink.waitForBatches(101)
            #expect(enricher.questions == ["vm-1"])
        }
    }
}
