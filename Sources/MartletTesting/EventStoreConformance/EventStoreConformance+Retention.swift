import Martlet
import MartletClouds
import MartletPipeline
import Testing

extension EventStoreConformance.Clause {
    private static func position(_ number: Int64) -> Position { Position(rawValue: number) }

    private static func parked(_ number: Int64, isRedelivery: Bool = false) -> ParkedDelivery {
        ParkedDelivery(
            position: position(number),
            lane: nil,
            unit: nil,
            attempts: 1,
            due: StoreProbe.start,
            reason: "HTTP 500",
            isRedelivery: isRedelivery
        )
    }

    private static func draft(_ number: Int64) -> DeadLetterDraft {
        DeadLetterDraft(position: position(number), reason: "HTTP 400", attempts: 1, time: StoreProbe.start)
    }

    /// A store with ten events and a forwarder that has one dead letter and has concluded the rest.
    private static func withDeadLetter(_ number: Int64, _ probe: StoreProbe) async throws -> (ForwarderID, DeadLetter) {
        let forwarder = try await probe.store.openForwarder(name: "noc", start: .zero).id
        try await probe.commit((1...10).map { StoreProbe.event("\($0)") })
        var progress = ForwarderProgress(forwarder: forwarder, cursor: position(10))
        progress.counts.dead = 1
        progress.counts.delivered = 9
        progress.deadLetters = [draft(number)]
        try await probe.save(progress)
        return (forwarder, try #require(try await probe.store.deadLetters(forwarder: nil, after: 0, limit: 1).first))
    }

    private static func expectSum(_ probe: StoreProbe) async throws {
        for status in try await probe.store.forwarderStatuses() {
            let counts = status.counts
            let sum = counts.delivered + counts.filtered + counts.dead + counts.skipped + status.pending
            #expect(sum == status.committed, "The five numbers of \(status.name) add up.")
        }
    }

    /// Promise 11.
    static let retention = [
        Self("nothing leaves the log that a configured forwarder has not passed, or has parked") { probe in
            let first = try await probe.store.openForwarder(name: "a", start: .zero).id
            let second = try await probe.store.openForwarder(name: "b", start: .zero).id
            let retired = try await probe.store.openForwarder(name: "c", start: .zero).id
            try await probe.commit((1...10).map { StoreProbe.event("\($0)") })
            var progress = ForwarderProgress(forwarder: first, cursor: position(9))
            progress.parked = [parked(4)]
            progress.counts.delivered = 8
            try await probe.save(progress)
            try await probe.save(ForwarderProgress(forwarder: second, cursor: position(6)))

            let configured: Set = [first, second]
            let removal = try await probe.store.removeEvents(through: position(8), heldBy: configured, limit: 100)
            #expect(removal.count == 3 && removal.removedThrough == position(3))
            #expect(removal.hold == Removal.Hold(forwarder: first, position: position(4)))
            progress = ForwarderProgress(forwarder: first, cursor: position(9))
            progress.unparked = [position(4)]
            try await probe.save(progress)
            let next = try await probe.store.removeEvents(through: position(8), heldBy: configured, limit: 100)
            #expect(next.removedThrough == position(6))
            #expect(next.hold == Removal.Hold(forwarder: second, position: position(7)))
            #expect(try await probe.log().map(\.position.rawValue) == [7, 8, 9, 10])
            // Nobody asks whoever is not configured.
            let last = try await probe.store.removeEvents(through: position(8), heldBy: [first], limit: 100)
            #expect(last == Removal(removedThrough: position(8), count: 2, hold: nil))
            #expect(try await probe.store.forwarderStatuses().first { $0.id == retired }?.pending == 10)
        },
        Self("what goes at once is bounded, and the last event stays") { probe in
            let committed = try await probe.commit((1...10).map { StoreProbe.event("\($0)") })
            #expect(try await probe.store.removeEvents(through: position(99), heldBy: [], limit: 4).count == 4)
            let extent = try await probe.store.logExtent()
            #expect(extent.first == position(5) && extent.head == position(10))
            #expect(extent.oldest == committed.events[4].event.fields.recordedTime)
            let rest = try await probe.store.removeEvents(through: position(99), heldBy: [], limit: 100)
            #expect(rest.removedThrough == position(9))
            #expect(try await probe.log().map(\.position.rawValue) == [10])
            // No position is given twice.
            #expect(try await probe.commit([StoreProbe.event("x")]).head == position(11))
            #expect(try await probe.store.head() == position(11))
        },
        Self("an empty log begins at the first position, and nothing can be removed from it") { probe in
            let extent = try await probe.store.logExtent()
            #expect(extent == LogExtent(first: position(1), head: .zero, oldest: nil))
            let removal = try await probe.store.removeEvents(through: position(9), heldBy: [], limit: 9)
            #expect(removal == Removal(removedThrough: .zero, count: 0, hold: nil))
        },
        Self("a forwarder that is made begins behind what has been removed") { probe in
            try await probe.commit((1...10).map { StoreProbe.event("\($0)") })
            _ = try await probe.store.removeEvents(through: position(6), heldBy: [], limit: 100)
            #expect(try await probe.store.openForwarder(name: "new", start: .zero).start == position(6))
            #expect(try await probe.store.openForwarder(name: "later", start: position(8)).start == position(8))
            #expect(try await probe.store.position(before: StoreProbe.start) == position(6))
            try await expectSum(probe)
        },
        Self("a dead letter outlives its event, and is redelivered from its own copy") { probe in
            let (forwarder, letter) = try await withDeadLetter(2, probe)
            _ = try await probe.store.removeEvents(through: position(9), heldBy: [forwarder], limit: 100)
            // Before the redelivery is saved, and after it.
            let unsaved = try await probe.store.events(at: [position(2), position(10)], for: forwarder)
            #expect(unsaved.map(\.position.rawValue) == [2, 10])
            var progress = ForwarderProgress(forwarder: forwarder, cursor: position(10))
            progress.removedDeadLetters = [letter.id]
            progress.parked = [parked(2, isRedelivery: true)]
            try await probe.save(progress)
            #expect(
                try await probe.store.events(at: [position(2)], for: forwarder).map(\.event) == [letter.stored.event]
            )
            #expect(try await probe.store.events(at: [position(2)]).isEmpty, "The log is without holes.")
            #expect(try await probe.store.logExtent().first == position(10))
            try await expectSum(probe)
            // It holds nothing.
            try await probe.commit([StoreProbe.event("11"), StoreProbe.event("12")])
            progress = ForwarderProgress(forwarder: forwarder, cursor: position(12))
            progress.counts.delivered = 2
            try await probe.save(progress)
            let removal = try await probe.store.removeEvents(through: position(11), heldBy: [forwarder], limit: 100)
            #expect(removal.hold == nil && removal.count == 2)
            // Delivered, the copy goes.
            progress = ForwarderProgress(forwarder: forwarder, cursor: position(12))
            progress.unparked = [position(2)]
            progress.counts.delivered = 1
            try await probe.save(progress)
            #expect(try await probe.store.events(at: [position(2)], for: forwarder).isEmpty)
            try await expectSum(probe)
        },
        Self("what is redelivered and dead again is a dead letter again") { probe in
            try await dieAgain(isSaved: true, probe)
        },
        Self("what is dead again before its redelivery is saved is a dead letter again") { probe in
            try await dieAgain(isSaved: false, probe)
        },
        Self("an event that is gone cannot be a dead letter: it is skipped, and the commit goes on") { probe in
            let forwarder = try await probe.store.openForwarder(name: "noc", start: .zero).id
            try await probe.commit((1...3).map { StoreProbe.event("\($0)") })
            _ = try await probe.store.removeEvents(through: position(2), heldBy: [], limit: 100)
            var progress = ForwarderProgress(forwarder: forwarder, cursor: position(3))
            progress.counts.dead = 1
            progress.counts.delivered = 2
            progress.deadLetters = [draft(1)]
            try await probe.save(progress)
            let status = try #require(try await probe.store.forwarderStatuses().first)
            #expect(status.counts.dead == 0 && status.counts.skipped == 1)
            try await expectSum(probe)
        },
        Self("the quarantine goes by age, a bounded number at once") { probe in
            for second in 0..<5 {
                let item = IntakeItem.unreadable(QuarantineDraft(bytes: [1], reason: "\(second)"))
                try await probe.commit([IntakeBatch(source: "a", items: [item])], after: .seconds(second))
            }
            let bound = StoreProbe.start + .seconds(3)
            #expect(try await probe.store.removeQuarantined(before: bound, limit: 2) == 2)
            #expect(try await probe.store.removeQuarantined(before: bound, limit: 2) == 1)
            #expect(try await probe.store.removeQuarantined(before: bound, limit: 2) == 0)
            #expect(
                try await probe.store.quarantined(source: nil, after: 0, limit: 9).map(\.draft.reason) == ["3", "4"]
            )
        },
        Self("a deleted resource leaves the index after its time, and begins anew if it is met again") { probe in
            var deletion = ResourceFacts()
            deletion.isDeletion = true
            try await probe.commit([StoreProbe.event("1", machine: "old"), StoreProbe.event("2", machine: "kept")])
            try await probe.commit([StoreProbe.event("3", machine: "old")], facts: deletion)
            let record = try #require(
                try await probe.store.resources(type: "VirtualMachine", id: "old", cloud: nil).first
            )
            let deleted = try #require(record.deleted)
            let early = try await probe.store.removeTombstones(deletedBefore: deleted, after: nil, limit: 10)
            #expect(early.removed == 0 && early.next == nil)
            let due = try await probe.store.removeTombstones(
                deletedBefore: deleted + .milliseconds(1),
                after: nil,
                limit: 10
            )
            #expect(due.removed == 1)
            #expect(try await probe.store.resources(type: "VirtualMachine", id: "old", cloud: nil).isEmpty)
            #expect(try await probe.store.resources(type: "VirtualMachine", id: "kept", cloud: nil).count == 1)
            try await probe.commit([StoreProbe.event("4", machine: "old", state: "Running")])
            let again = try #require(
                try await probe.store.resources(type: "VirtualMachine", id: "old", cloud: nil).first
            )
            #expect(again.deleted == nil && again.state == "Running")
            #expect(try await probe.store.timeline(of: again.key, before: nil, limit: 9).map(\.event.id).first == "4")
        },
    ]

    /// Redelivers a dead letter whose event has left the log, to no avail.
    private static func dieAgain(isSaved: Bool, _ probe: StoreProbe) async throws {
        let (forwarder, letter) = try await withDeadLetter(2, probe)
        _ = try await probe.store.removeEvents(through: position(9), heldBy: [forwarder], limit: 100)
        var progress = ForwarderProgress(forwarder: forwarder, cursor: position(10))
        progress.removedDeadLetters = [letter.id]
        if isSaved {
            progress.parked = [parked(2, isRedelivery: true)]
            try await probe.save(progress)
            progress = ForwarderProgress(forwarder: forwarder, cursor: position(10))
        }
        progress.counts.dead = 1
        progress.deadLetters = [draft(2)]
        progress.unparked = [position(2)]
        try await probe.save(progress)
        let letters = try await probe.store.deadLetters(forwarder: nil, after: 0, limit: 9)
        #expect(letters.map(\.stored.event) == [letter.stored.event])
        #expect(letters.first?.id != letter.id)
        #expect(try await probe.store.forwarderStatuses().first?.counts.dead == 1)
        try await expectSum(probe)
    }
}
