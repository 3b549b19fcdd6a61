import Martlet
import MartletClouds
import MartletJSON
import MartletTesting
import Testing

@testable import MartletPipeline

/// What differs and what does not: pure.
@Suite struct SyncComparisonTests {
    static let machine = ResourceReference(type: "VirtualMachine", id: "vm-1")

    static func record(_ change: (inout ResourceRecord) -> Void = { _ in }) -> ResourceRecord {
        var record = ResourceRecord(
            key: ResourceKey(rawValue: 1),
            cloud: "prod",
            type: machine.type,
            id: machine.id,
            publisher: "/clouds/prod/nova"
        )
        record.position = Position(rawValue: 5)
        record.latest = Position(rawValue: 5)
        record.name = "web"
        record.state = "active"
        (record.tenantID, record.isOwnerConfirmed) = ("p1", true)
        record.domainID = "d1"
        record.relations = ["host": ["h1"], "volume": ["v1", "v2"]]
        record.details = Array(#"{"updated_at":"2026-01-01T00:00:00Z","progress":50}"#.utf8)[...]
        record.updated = StoreProbe.start
        record.enriched = StoreProbe.start
        change(&record)
        return record
    }

    static func observation(
        asked: Int64 = 5,
        time: Timestamp = StoreProbe.start + .seconds(3_600),
        _ change: (inout ResourceFacts) -> Void = { _ in }
    ) -> SyncObservation {
        var facts = ResourceFacts()
        facts.name = "web"
        facts.state = "active"
        (facts.ownerID, facts.isOwnerConfirmed) = ("p1", true)
        facts.domainID = "d1"
        facts.relate("host", "h1")
        facts.relate("volume", "v2")
        facts.relate("volume", "v1")
        facts.details = Array(#"{"updated_at":"2026-01-01T00:00:00Z","progress":50}"#.utf8)[...]
        change(&facts)
        return SyncObservation(
            subject: ResourceSubject(cloud: "prod", resource: machine),
            facts: facts,
            asked: Position(rawValue: asked),
            time: time
        )
    }

    @Test func `what is listed as it is known is unchanged, whatever the order of what it is tied to`() {
        let comparison = SyncComparison(Self.observation(), with: Self.record())
        #expect(comparison.found == .unchanged)
        #expect(!ResourceIndexer().isNews(comparison, for: Self.record()))
    }

    private static let otherTexts: [(String, @Sendable (inout ResourceFacts) -> Void)] = [
        ("state", { $0.state = "stopped" }), ("name", { $0.displayName = "web-2" }),
        ("tenantid", { $0.ownerID = "p2" }), ("domainid", { $0.domainID = "d2" }),
    ]

    @Test(arguments: otherTexts)
    func `another text is a difference`(_ field: String, _ change: @Sendable (inout ResourceFacts) -> Void) {
        let comparison = SyncComparison(Self.observation(change), with: Self.record())
        #expect(comparison.found == .changed)
        #expect(comparison.differences.texts.map(\.field) == [field])
        #expect(comparison.differences.relations.isEmpty)
    }

    @Test func `another resource that it is tied to is a difference, and so is one that it is tied to no more`() {
        let moved = SyncComparison(
            Self.observation { facts in
                facts.relations = [.init(kind: "host", id: "h2")]
                facts.completeKinds = ["volume"]
            },
            with: Self.record()
        )
        #expect(moved.found == .changed)
        #expect(
            moved.differences.relations == [
                .init(kind: "host", from: ["h1"], to: ["h2"]), .init(kind: "volume", from: ["v1", "v2"], to: []),
            ]
        )
        // A kind that the listing does not speak of says nothing.
        let silent = SyncComparison(Self.observation { $0.relations = [] }, with: Self.record())
        #expect(silent.found == .unchanged)
    }

    @Test func `details are merged in silence`() {
        let comparison = SyncComparison(
            Self.observation { $0.details = Array(#"{"progress":60}"#.utf8)[...] },
            with: Self.record()
        )
        #expect(comparison.found == .unchanged)
        #expect(ResourceIndexer().isNews(comparison, for: Self.record()))
        var record = Self.record()
        ResourceIndexer().shapeInSilence(&record, by: comparison, at: StoreProbe.start)
        let details = record.details.map { String(decoding: $0, as: UTF8.self) }
        #expect(details == #"{"progress":60,"updated_at":"2026-01-01T00:00:00Z"}"#)
    }

    @Test func `what was not known is no difference, and fills the index`() {
        let known = Self.record { record in
            (record.name, record.state, record.domainID, record.relations) = (nil, nil, nil, [:])
            (record.tenantID, record.isOwnerConfirmed) = ("whoever acted", false)
        }
        let comparison = SyncComparison(Self.observation(), with: known)
        #expect(comparison.found == .unchanged)
        var record = known
        ResourceIndexer().shapeInSilence(&record, by: comparison, at: StoreProbe.start)
        #expect(record.name == "web" && record.state == "active" && record.tenantID == "p1")
        #expect(record.relations == ["host": ["h1"], "volume": ["v2", "v1"]])
    }

    @Test func `what the index does not have is new, with all that is known of it`() {
        let comparison = SyncComparison(Self.observation(), with: nil)
        #expect(comparison.found == .created)
        #expect(comparison.differences["state"] == .init(field: "state", from: nil, to: "active"))
        #expect(comparison.differences.relations.map(\.kind) == ["host", "volume"])
    }

    @Test func `a newer event wins, of whatever the origin says`() {
        #expect(SyncComparison(Self.observation(asked: 4) { $0.state = "x" }, with: Self.record()).found == .newer)
        var gone = Self.observation(asked: 4)
        gone.facts = nil
        #expect(SyncComparison(gone, with: Self.record()).found == .newer)
    }

    @Test func `a deleted resource that is listed for a while longer is not revived`() {
        let deleted = Self.record { $0.deleted = StoreProbe.start }
        let soon = StoreProbe.start + .seconds(599)
        #expect(SyncComparison(Self.observation(time: soon), with: deleted).found == .newer)
        let later = SyncComparison(Self.observation(time: soon + .seconds(1)), with: deleted)
        #expect(later.found == .created && later.facts.isCreation)
        // What the origin itself calls deleted is no news.
        #expect(SyncComparison(Self.observation { $0.isDeletion = true }, with: deleted).found == .unchanged)
    }

    @Test func `more of a kind than are kept is no difference each time`() {
        let ids = (0..<100).map { "v\($0)" }
        let observation = Self.observation { facts in
            facts.relations = ids.map { .init(kind: "volume", id: $0) }
        }
        var record = Self.record()
        let first = SyncComparison(observation, with: record)
        #expect(first.found == .changed)
        ResourceIndexer().shapeInSilence(&record, by: first, at: StoreProbe.start)
        #expect(record.relations["volume"]?.count == ResourceIndexer.maximumRelations)
        #expect(SyncComparison(observation, with: record).found == .unchanged)
    }
}

/// The event that a finding becomes.
@Suite struct SyncEventTests {
    private static func event(_ observation: SyncObservation, _ record: ResourceRecord?) -> Event {
        let comparison = SyncComparison(observation, with: record)
        return SyncEvent(observation, comparison, record: record, origin: "openstack").event
    }

    @Test func `it says what differs, and is marked`() throws {
        let event = Self.event(SyncComparisonTests.observation { $0.state = "error" }, SyncComparisonTests.record())
        #expect(event.topic.text == "openstack.ResourceStateEvent.SYNC-CHANGE.VirtualMachine.vm-1")
        #expect(event.type == "martlet.sync.changed" && event.source == "/clouds/prod/sync")
        #expect(event.fields.oldState == "active" && event.fields.newState == "error")
        #expect(event.fields.tenantID == "p1" && event.fields.domainID == "d1")
        #expect(
            String(decoding: event.payload.original, as: UTF8.self)
                == #"{"origin":"sync","found":"changed","changes":{"state":{"from":"active","to":"error"}}}"#
        )
    }

    /// When the origin changed it last, what the index knew, and the time of the event.
    @Test(arguments: [
        // Later than all that was known: that is when it happened.
        ("2026-01-30T12:00:00Z", "2026-01-30T12:00:00Z"),
        // OpenStack's services leave the zone out.
        ("2026-01-30T12:00:00.5", "2026-01-30T12:00:00.500Z"),
        // Older than what was known: it would be stale, though it is what the origin says now.
        ("2026-01-30T11:00:00Z", "2026-01-30T12:38:35Z"),
        // In the future: a clock that is wrong.
        ("2026-01-30T23:00:00Z", "2026-01-30T12:38:35Z"), ("soon", "2026-01-30T12:38:35Z"),
    ])
    func `its time is the origin's where that is news, else the moment of the question`(
        _ updated: String,
        _ expected: String
    ) {
        let observation = SyncComparisonTests.observation { facts in
            facts.state = "error"
            facts.details = Array(#"{"updated_at":"\#(updated)"}"#.utf8)[...]
        }
        #expect(Self.event(observation, SyncComparisonTests.record()).time?.description == expected)
    }

    @Test func `what the index is made again from leads to what it was`() throws {
        let observation = SyncComparisonTests.observation { facts in
            (facts.state, facts.displayName, facts.ownerID) = ("error", "web-2", "p2")
            facts.relations = [.init(kind: "host", id: "h2")]
            facts.completeKinds = ["volume"]
            facts.details = nil
        }
        let before = SyncComparisonTests.record()
        let comparison = SyncComparison(observation, with: before)
        let event = Self.event(observation, before).with { $0.position = Position(rawValue: 6) }
        var record = before
        let indexer = ResourceIndexer()
        _ = indexer.apply(event, facts: comparison.facts, at: StoreProbe.start, to: &record)
        let body = try JSONDocument(parsing: event.payload.original).root
        let facts = try #require(CloudFactReader().facts(of: event, body: body))
        var again = before
        _ = indexer.apply(event, facts: facts, at: StoreProbe.start, to: &again)
        #expect(again == record)
        #expect(record.state == "error" && record.name == "web-2" && record.relations == ["host": ["h2"]])
    }

    @Test func `an event that was on its way is not stale for a sync that saw what it tells`() {
        // nova changed it at 12:00; the sync asked at 12:38; nova's notification comes at last.
        let observation = SyncComparisonTests.observation { facts in
            facts.state = "stopped"
            facts.details = Array(#"{"updated_at":"2026-01-30T12:00:00Z"}"#.utf8)[...]
        }
        var record = SyncComparisonTests.record()
        let comparison = SyncComparison(observation, with: record)
        let indexer = ResourceIndexer()
        let found = Self.event(observation, record).with { $0.position = Position(rawValue: 6) }
        _ = indexer.apply(found, facts: comparison.facts, at: observation.time, to: &record)
        let notification = StoreProbe.event(machine: "vm-1", state: "stopped", time: Timestamp("2026-01-30T12:00:01Z"))
            .with { $0.position = Position(rawValue: 7) }
        #expect(!indexer.apply(notification, facts: nil, at: observation.time, to: &record).isStale)
        let older = StoreProbe.event(machine: "vm-1", state: "active", time: Timestamp("2026-01-30T11:50:00Z"))
            .with { $0.position = Position(rawValue: 8) }
        record.publisher = found.source
        #expect(indexer.apply(older, facts: nil, at: observation.time, to: &record).isStale)
        #expect(record.state == "stopped")
    }

    @Test func `it concerns those only who take it`() {
        let event = Self.event(SyncComparisonTests.observation(), nil)
        #expect(EventFilter().accepts(event))
        #expect(!EventFilter(takesSync: false).accepts(event))
        #expect(EventFilter(takesSync: false).accepts(StoreProbe.event()))
    }

    @Test(arguments: [BodyForm.event, .enriched])
    func `where a resource runs is shown to administrators only`(_ form: BodyForm) {
        let observation = SyncComparisonTests.observation { facts in
            facts.state = "error"
            facts.relations = [.init(kind: "host", id: "SECRET-2")]
        }
        var record = SyncComparisonTests.record { $0.relations["host"] = ["SECRET-1"] }
        let comparison = SyncComparison(observation, with: record)
        let event = Self.event(observation, record).with { $0.position = Position(rawValue: 6) }
        let effect = ResourceIndexer().apply(event, facts: comparison.facts, at: StoreProbe.start, to: &record)
        let stored = StoredEvent(event: event, resourceKey: record.key, changes: effect.changes)
        func text(_ audience: Audience) -> String {
            let gate = Gate(Protection(audience: audience, drop: [], mask: []))
            return String(decoding: gate.render(stored, resource: record, as: form).body, as: UTF8.self)
        }
        #expect(text(.admin).contains("SECRET-1") && text(.admin).contains("SECRET-2"))
        #expect(!text(.user).contains("SECRET-") && text(.user).contains("error"))
    }
}
