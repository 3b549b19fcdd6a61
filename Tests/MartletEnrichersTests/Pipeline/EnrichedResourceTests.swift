import Logging
import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletEnrichers

/// What an event's resource is known by after the cloud has been asked: document, owner, and the names of what it is tied to.
@Suite(.timeLimit(.minutes(2))) struct EnrichedResourceTests {
    /// Commits one event of a machine, and returns what the index knows when its zone and its owner have names.
    private func enriched(
        _ enricher: any Enricher,
        _ id: String,
        names: [String: [String: String]]
    ) async throws -> (record: ResourceRecord, context: ResourceContext)? {
        let (store, time, logger) = (InMemoryEventStore(), SystemTime(), LogCapture().logger)
        let enrichment = Enrichment(store: store, time: time, logger: logger)
        let member = EnrichmentMember(name: "any", enricher: enricher, policy: EnricherPolicy())
        enrichment.configure([.member(member)])
        let intake = Intake(
            store: store,
            dispatcher: Dispatcher(head: .zero),
            enrichment: enrichment,
            time: time,
            logger: logger
        )
        var fields = Event.Fields(
            id: "1",
            source: "/s",
            type: "t",
            cloud: enricher.cloud,
            topic: Topic(text: "t"),
            payload: Payload(json: ArraySlice("{}".utf8))
        )
        fields.resource = ResourceReference(type: "VirtualMachine", id: id)
        let event = Event(fields: fields)
        return try await withThrowingTaskGroup { group in
            group.addTask { await intake.run() }
            group.addTask { await enrichment.run(submittingTo: intake) }
            defer { group.cancelAll() }
            _ = try await intake.submit(IntakeBatch(source: "s", items: [.event(event, nil)]))
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline {
                let record = try await store.resources(type: "VirtualMachine", id: id, cloud: enricher.cloud).first
                if let record, record.enriched != nil {
                    // A name that is not there yet is remembered as missing: a fresh memory each time.
                    let view = Enrichment(store: store, time: time, logger: logger)
                    view.configure([.member(member)])
                    let context = try await view.contexts(of: [record.key: record])[record.key]
                    if let context, context.names == names { return (record, context) }
                }
                await Task.yield()
            }
            return nil
        }
    }

    @Test func `CloudStack's API completes a machine of which one event has been seen`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.setResources(
            """
            {"listVirtualMachines": [{"id": "vm1", "name": "i-2-7-VM", "displayname": "web", "state": "Running",
               "account": "acme", "domainid": "d1", "zoneid": "z1"}],
             "listAccounts": [{"id": "a1", "name": "acme", "domainid": "d1"}],
             "listDomains": [{"id": "d1", "name": "sales"}], "listZones": [{"id": "z1", "name": "north"}]}
            """
        )
        let names = ["tenantid": ["a1": "acme"], "domainid": ["d1": "sales"], "zone": ["z1": "north"]]
        // A relation of its own besides the attribute.
        let shown = names.merging(["domain": ["d1": "sales"]]) { $1 }
        let found = try #require(await enriched(rig.enricher, "vm1", names: shown))
        #expect(found.record.name == "web" && found.record.state == "Running")
        #expect(found.record.tenantID == "a1" && found.record.isOwnerConfirmed)
    }

    @Test func `OpenStack's services complete a server of which one event has been seen`() async throws {
        let rig = try await OpenStackRig()
        try await rig.cloud.setResources(
            """
            {"servers": [{"id": "s1", "name": "web", "OS-EXT-STS:vm_state": "active", "tenant_id": "p1", "user_id": "u1",
               "image": {"id": "i1"}, "flavor": {"id": "f1"}}],
             "projects": [{"id": "p1", "name": "apollo"}], "users": [{"id": "u1", "name": "ada"}],
             "images": [{"id": "i1", "name": "cirros"}], "flavors": [{"id": "f1", "name": "m1.tiny"}]}
            """
        )
        let names = [
            "tenantid": ["p1": "apollo"], "user": ["u1": "ada"], "template": ["i1": "cirros"],
            "serviceoffering": ["f1": "m1.tiny"],
        ]
        let found = try #require(await enriched(rig.enricher, "s1", names: names))
        #expect(found.record.name == "web" && found.record.state == "active")
        #expect(found.record.tenantID == "p1" && found.record.isOwnerConfirmed)
    }
}
