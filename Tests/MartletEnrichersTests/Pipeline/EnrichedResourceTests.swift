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
    /// Commits one event of a machine, and returns what the index knows when it and these others have been asked for.
    private func enriched(
        _ enricher: any Enricher,
        _ id: String,
        with others: [ResourceReference]
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
            // Behind the event's own commit, and so behind the question.
            try await intake.save()
            // What a resource is tied to is asked for as soon as its own answer is there.
            for resource in [ResourceReference(type: "VirtualMachine", id: id)] + others {
                let subject = ResourceSubject(cloud: enricher.cloud, resource: resource)
                await enrichment.settle([subject: Position(rawValue: 1)], atMost: .seconds(60))
            }
            guard let record = try await store.resources(type: "VirtualMachine", id: id, cloud: enricher.cloud).first,
                let context = try await enrichment.contexts(of: [record.key: record])[record.key]
            else { return nil }
            return (record, context)
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
        let others = [("Account", "a1"), ("Domain", "d1"), ("Zone", "z1")].map { ResourceReference(type: $0, id: $1) }
        let found = try #require(await enriched(rig.enricher, "vm1", with: others))
        #expect(
            found.context.names == [
                "tenantid": ["a1": "acme"], "domainid": ["d1": "sales"], "domain": ["d1": "sales"],
                "zone": ["z1": "north"],
            ]
        )
        #expect(found.context.enrichment == .complete)
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
        let others = [("Account", "p1"), ("User", "u1"), ("Template", "i1"), ("ServiceOffering", "f1")].map {
            ResourceReference(type: $0, id: $1)
        }
        let found = try #require(await enriched(rig.enricher, "s1", with: others))
        #expect(
            found.context.names == [
                "tenantid": ["p1": "apollo"], "user": ["u1": "ada"], "template": ["i1": "cirros"],
                "serviceoffering": ["f1": "m1.tiny"],
            ]
        )
        #expect(found.context.enrichment == .complete)
        #expect(found.record.name == "web" && found.record.state == "active")
        #expect(found.record.tenantID == "p1" && found.record.isOwnerConfirmed)
    }
}
