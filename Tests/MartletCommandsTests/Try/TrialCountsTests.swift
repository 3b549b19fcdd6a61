import Martlet
import MartletPipeline
import Testing

@testable import MartletCommands

struct TrialCountsTests {
    @Test func `events are counted by type, the most frequent first and equal ones by name`() {
        var counts = TrialCounts()
        counts.add([
            storedEvent(1, type: "b"), storedEvent(2, type: "a"), storedEvent(3, type: "c"), storedEvent(4, type: "c"),
        ])
        counts.add([storedEvent(5, type: "c") { $0.outcome = .failure }])
        #expect(counts.topTypes(2).map(\.type) == ["c", "a"])
        #expect(counts.topTypes(9).map(\.count) == [3, 1, 1])
        #expect(counts.topTypes(1).first?.failures == 1)
        #expect(counts.events == 5)
        #expect(counts.typeCount == 3)
        #expect(counts.position == Position(rawValue: 5))
    }

    @Test func `failures, alerts and impossible transitions are counted by themselves`() {
        var counts = TrialCounts()
        counts.add([
            storedEvent(1) { $0.outcome = .failure }, storedEvent(2) { $0.category = .alert },
            storedEvent(3) { $0.isImpossibleTransition = true }, storedEvent(4) { $0.outcome = .success },
        ])
        #expect((counts.failures, counts.alerts, counts.impossibleTransitions) == (1, 1, 1))
    }

    @Test func `a resource is counted once, however many events speak of it`() {
        var counts = TrialCounts()
        counts.add([
            storedEvent(1, resource: 1), storedEvent(2, resource: 2), storedEvent(3, resource: 1), storedEvent(4),
        ])
        counts.add([storedEvent(5, resource: 3) { $0.resource = ResourceReference(type: "Volume", id: "v") }])
        #expect(counts.resourceCount == 3)
        #expect(counts.topResourceTypes(9).map(\.type) == ["VirtualMachine", "Volume"])
        #expect(counts.topResourceTypes(9).map(\.count) == [2, 1])
    }

    @Test func `the latest event is the last of the log, and the span that of the events' own times`() {
        var counts = TrialCounts()
        counts.add([storedEvent(1, time: 200), storedEvent(2, time: 100), storedEvent(3) { $0.time = nil }])
        #expect(counts.latest?.id == "e3")
        #expect(counts.span == Timestamp(seconds: 100)...Timestamp(seconds: 200))
    }

    @Test func `types without end do not fill the memory`() {
        var counts = TrialCounts()
        counts.add((1...10_050).map { storedEvent($0, type: "type-\($0)") })
        #expect(counts.typeCount == 10_000)
        #expect(counts.uncounted == 50)
        #expect(counts.events == 10_050)
    }

    @Test func `reasons are counted, and the last item is where to go on`() {
        func item(_ id: Int64, _ reason: String) -> MartletPipeline.QuarantinedItem {
            MartletPipeline.QuarantinedItem(
                id: id,
                source: "try",
                receivedTime: testTime,
                draft: QuarantineDraft(bytes: [], reason: reason)
            )
        }
        var counts = TrialCounts()
        counts.add([item(4, "no JSON"), item(5, "empty"), item(7, "no JSON")])
        #expect(counts.topReasons(1).map(\.reason) == ["no JSON"])
        #expect(counts.topReasons(1).map(\.count) == [2])
        #expect((counts.unreadable, counts.quarantineID) == (3, 7))
    }
}
