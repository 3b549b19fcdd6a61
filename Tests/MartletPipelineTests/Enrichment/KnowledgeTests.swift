import Martlet
import MartletClouds
import MartletTesting
import Testing

@testable import MartletPipeline

@Suite struct KnowledgeTests {
    private static let machine = ResourceReference(type: "VirtualMachine", id: "vm-1")

    private static func record(latest: Int64 = 5) -> ResourceRecord {
        var record = ResourceRecord(
            key: ResourceKey(rawValue: 1),
            cloud: "prod",
            type: machine.type,
            id: machine.id,
            publisher: "/clouds/prod/ms"
        )
        record.position = Position(rawValue: latest)
        record.latest = Position(rawValue: latest)
        record.name = "old"
        record.state = "Running"
        record.tenantID = "who acted"
        record.relations = ["zone": ["z-1"]]
        record.details = Array(#"{"name":"old","cpu":2}"#.utf8)[...]
        return record
    }

    private static func knowledge(asked: Int64) -> ResourceKnowledge {
        var facts = ResourceFacts()
        facts.name = "new"
        facts.state = "Stopped"
        facts.ownerID = "owner"
        facts.isOwnerConfirmed = true
        facts.domainID = "domain"
        facts.relate("zone", "z-2")
        facts.relate("network", "n-1")
        facts.details = Array(#"{"name":"new","memory":512}"#.utf8)[...]
        return ResourceKnowledge(
            subject: ResourceSubject(cloud: "prod", resource: machine),
            facts: facts,
            asked: Position(rawValue: asked)
        )
    }

    private static func text(_ record: ResourceRecord) -> String {
        String(decoding: record.details ?? [], as: UTF8.self)
    }

    @Test func `an answer completes the document, and never changes a known state`() {
        var record = Self.record()
        ResourceIndexer().apply(Self.knowledge(asked: 5), at: StoreProbe.start, to: &record)
        #expect(record.name == "new")
        #expect(record.state == "Running")
        #expect(record.tenantID == "owner" && record.isOwnerConfirmed)
        #expect(record.domainID == "domain")
        #expect(record.relations == ["zone": ["z-2"], "network": ["n-1"]])
        #expect(Self.text(record) == #"{"name":"new","memory":512,"cpu":2}"#)
        #expect(record.enriched == StoreProbe.start)
        // The positions are those of events.
        #expect(record.position == Position(rawValue: 5) && record.latest == Position(rawValue: 5))
    }

    /// Keystone's events say that a project has changed, and not that it is disabled now.
    @Test(arguments: [
        (true, true, 5, "Stopped"), (false, true, 5, "Running"), (true, false, 5, "Running"),
        (true, true, 4, "Running"),
    ])
    func `a state that no event tells is taken from the answer to one that says that something has changed`(
        isUntold: Bool,
        isChange: Bool,
        asked: Int64,
        state: String
    ) {
        var record = Self.record()
        var knowledge = Self.knowledge(asked: asked)
        knowledge.facts.isStateUntold = isUntold
        knowledge.isChange = isChange
        ResourceIndexer().apply(knowledge, at: StoreProbe.start, to: &record)
        #expect(record.state == state)
    }

    @Test func `an answer that is older than the last event only fills what is missing`() {
        var record = Self.record(latest: 6)
        ResourceIndexer().apply(Self.knowledge(asked: 5), at: StoreProbe.start, to: &record)
        #expect(record.name == "old")
        #expect(record.tenantID == "owner")
        #expect(record.relations == ["zone": ["z-1"], "network": ["n-1"]])
        #expect(Self.text(record) == #"{"name":"old","cpu":2,"memory":512}"#)
    }

    @Test func `an answer does not revive what is deleted`() {
        var record = Self.record()
        record.deleted = StoreProbe.start
        let before = record
        ResourceIndexer().apply(Self.knowledge(asked: 9), at: StoreProbe.start, to: &record)
        #expect(record == before)
    }

    @Test func `the document remembers when it was enriched`() throws {
        var record = Self.record()
        record.enriched = StoreProbe.start
        let read = try ResourceRecord(
            document: record.makeDocument()[...],
            key: record.key,
            cloud: record.cloud,
            type: record.type,
            id: record.id,
            position: record.position,
            latest: record.latest
        )
        #expect(read == record)
    }
}
