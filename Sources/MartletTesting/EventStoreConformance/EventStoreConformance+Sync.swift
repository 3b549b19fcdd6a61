import Martlet
import MartletClouds
import MartletPipeline
import Testing

extension EventStoreConformance.Clause {
    private static func observation(
        _ id: String,
        asked: Int64,
        _ change: ((inout ResourceFacts) -> Void)? = { $0.state = "Running" }
    ) -> SyncObservation {
        var facts = ResourceFacts()
        change?(&facts)
        return SyncObservation(
            subject: ResourceSubject(cloud: "prod", resource: ResourceReference(type: "VirtualMachine", id: id)),
            facts: change == nil ? nil : facts,
            asked: Position(rawValue: asked),
            time: StoreProbe.start + .seconds(60)
        )
    }

    private static func batch(
        _ observations: [SyncObservation],
        isSilent: Bool = false,
        maximumEvents: Int = .max
    ) -> IntakeBatch {
        IntakeBatch(
            sync: SyncBatch(
                origin: "cloudstack",
                observations: observations,
                silent: isSilent ? Set(SyncFinding.allCases) : [],
                maximumEvents: maximumEvents
            )
        )
    }

    private static func record(_ id: String, _ probe: StoreProbe) async throws -> ResourceRecord? {
        try await probe.store.resources(type: "VirtualMachine", id: id, cloud: "prod").first
    }

    /// Syncs: compared in the commit, and an event in the same one.
    static let sync = [
        Self("a first sync shapes the index in silence") { probe in
            try await probe.commit([StoreProbe.event("a", machine: "known", state: "Stopped")])
            let result = try await probe.commit([
                batch(
                    [
                        observation("new", asked: 1) { $0.name = "web" }, observation("known", asked: 1),
                        observation("none", asked: 1, nil),
                    ],
                    isSilent: true
                )
            ])
            #expect(result.events.isEmpty && result.head.rawValue == 1)
            let outcomes = try #require(result.receipts.first).sync
            #expect(outcomes.map(\.found) == [.created, .changed, .unchanged])
            #expect(outcomes.map { $0.key == nil } == [false, false, true])
            #expect(try await record("new", probe)?.name == "web")
            #expect(try await record("new", probe)?.enriched == StoreProbe.start)
            #expect(try await record("known", probe)?.state == "Running")
            #expect(try await record("none", probe) == nil)
        },
        Self("what differs is an event, and its effect on the index, in one commit") { probe in
            // The clock has gone back since: what a sync finds is not stale for that.
            let late = Duration.seconds(3_600)
            let before = StoreProbe.event("a", machine: "vm-1", state: "Stopped", time: StoreProbe.start + late)
            try await probe.commit([before], after: late)
            let observations = [
                observation("vm-1", asked: 1), observation("vm-2", asked: 1), observation("vm-3", asked: 1, nil),
            ]
            let result = try await probe.commit([batch(observations)], after: late)
            #expect(result.receipts.first?.sync.map(\.found) == [.changed, .created, .unchanged])
            #expect(result.events.map(\.event.type) == ["martlet.sync.changed", "martlet.sync.created"])
            let event = try #require(result.events.first?.event)
            #expect(event.topic.text == "cloudstack.ResourceStateEvent.SYNC-CHANGE.VirtualMachine.vm-1")
            #expect(event.fields.oldState == "Stopped" && event.fields.newState == "Running")
            #expect(event.isSync && !event.fields.isStale && event.attribute("origin") == "sync")
            #expect(event.category == .state && event.position?.rawValue == 2 && !event.id.isEmpty)
            #expect(try await probe.log().last?.event == result.events.last?.event)
            let record = try #require(try await record("vm-1", probe))
            #expect(record.state == "Running" && record.latest.rawValue == 2 && record.position.rawValue == 2)
            #expect(try await probe.store.timeline(of: record.key, before: nil, limit: 9).count == 2)
            let gone = try await probe.commit([batch([observation("vm-2", asked: 3, nil)])])
            #expect(
                gone.events.map(\.event.topic.text) == ["cloudstack.ResourceStateEvent.SYNC-DELETE.VirtualMachine.vm-2"]
            )
            #expect(try await Self.record("vm-2", probe)?.deleted != nil)
        },
        Self("an event that came after the question counts, one of the same commit as well") { probe in
            try await probe.commit([StoreProbe.event("a", state: "Stopped")])
            let event = IntakeBatch(source: "s", items: [.event(StoreProbe.event("b", state: "Starting"), nil)])
            let result = try await probe.commit([event, batch([observation("vm-1", asked: 1)])])
            #expect(result.receipts.last?.sync.map(\.found) == [.newer])
            #expect(result.events.count == 1)
            #expect(try await record("vm-1", probe)?.state == "Starting")
        },
        Self("no more events are made than may be, and nothing is kept of the others") { probe in
            let observations = ["vm-1", "vm-2", "vm-3"].map { observation($0, asked: 0) }
            let result = try await probe.commit([batch(observations, maximumEvents: 2)])
            #expect(result.receipts.first?.sync.map(\.isPostponed) == [false, false, true])
            #expect(result.events.count == 2)
            #expect(try await record("vm-3", probe) == nil)
            // What was found before is not found again.
            let rest = try await probe.commit([
                batch(
                    observations.map { observation in
                        var observation = observation
                        observation.asked = result.head
                        return observation
                    }
                )
            ])
            #expect(rest.receipts.first?.sync.map(\.found) == [.unchanged, .unchanged, .created])
            #expect(rest.events.count == 1)
        },
        Self("the resources of a cloud are gone through page by page, without those that are deleted") { probe in
            try await probe.commit([
                batch((1...5).map { observation("vm-\($0)", asked: 0) }, isSilent: true),
                IntakeBatch(source: "s", items: [.event(StoreProbe.event("x", machine: "vm-9", cloud: "test"), nil)]),
            ])
            try await probe.commit([batch([observation("vm-2", asked: 1, nil)])])
            var (found, next): ([IndexEntry], ResourceKey?) = ([], nil)
            repeat {
                let page = try await probe.store.indexEntries(of: "prod", after: next, limit: 2)
                found += page.entries
                next = page.next
            } while next != nil
            #expect(found.map(\.resource.id).sorted() == ["vm-1", "vm-3", "vm-4", "vm-5"])
            #expect(Set(found.map(\.key)).count == 4)
            #expect(found.allSatisfy { $0.resource.type == "VirtualMachine" && $0.latest == .zero })
        },
    ]
}
