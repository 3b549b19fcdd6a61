import Martlet
import MartletPipeline
import Testing

extension EventStoreConformance.Clause {
    private static func sum(_ status: ForwarderStatus) -> Int64 {
        status.counts.delivered + status.counts.filtered + status.counts.dead + status.counts.skipped + status.pending
    }

    private static func parked(_ position: Int64, unit: Int64? = nil, isRedelivery: Bool = false) -> ParkedDelivery {
        ParkedDelivery(
            position: Position(rawValue: position),
            lane: ResourceKey(rawValue: 77),
            unit: unit.map(Position.init(rawValue:)),
            attempts: 3,
            due: StoreProbe.start + .milliseconds(1),
            reason: "HTTP 500",
            isRedelivery: isRedelivery
        )
    }

    /// Promises 5 and 8.
    static let delivery = [
        Self("a forwarder is its name: it is made once and resumes where it was") { probe in
            #expect(try await probe.store.forwarderExists(name: "noc") == false)
            let made = try await probe.store.openForwarder(name: "noc", start: Position(rawValue: 0))
            #expect(try await probe.store.forwarderExists(name: "noc"))
            let again = try await probe.store.openForwarder(name: "noc", start: Position(rawValue: 9))
            #expect(again.id == made.id)
            #expect(again.start == .zero && again.cursor == .zero)
            #expect(try await probe.store.openForwarder(name: "other", start: .zero).id != made.id)
        },
        Self("a forgotten forwarder leaves nothing, and one of its name starts anew") { probe in
            try await probe.commit((1...3).map { StoreProbe.event("\($0)") })
            let forgotten = try await probe.store.openForwarder(name: "noc", start: .zero).id
            let other = try await probe.store.openForwarder(name: "other", start: .zero).id
            for forwarder in [forgotten, other] {
                var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 2))
                progress.counts.dead = 1
                progress.parked = [parked(1)]
                progress.deadLetters = [
                    DeadLetterDraft(
                        position: Position(rawValue: 2),
                        reason: "400",
                        attempts: 1,
                        time: StoreProbe.start
                    )
                ]
                try await probe.save(progress)
            }
            #expect(try await probe.store.forgetForwarder(name: "noc"))
            #expect(try await probe.store.forgetForwarder(name: "noc") == false)
            #expect(try await probe.store.forwarderExists(name: "noc") == false)
            let letters = try await probe.store.deadLetters(forwarder: nil, after: 0, limit: 9)
            #expect(letters.map(\.forwarder) == ["other"])
            let again = try await probe.store.openForwarder(name: "noc", start: Position(rawValue: 3))
            #expect(again.id != forgotten && again.id != other)
            #expect(again.cursor == Position(rawValue: 3))
            #expect(again.parked.isEmpty && again.counts == DeliveryCounts())
            #expect(try await probe.store.openForwarder(name: "other", start: .zero).parked.count == 1)
        },
        Self("progress is read back as it was saved") { probe in
            try await probe.commit((1...6).map { StoreProbe.event("\($0)") })
            let forwarder = try await probe.store.openForwarder(name: "noc", start: Position(rawValue: 1)).id
            var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 5))
            progress.counts.delivered = 1
            progress.counts.filtered = 1
            progress.pause = .some(Pause(cause: .gone, reason: "410"))
            progress.lastError = .some("410 Gone")
            progress.parked = [parked(3, unit: 3), parked(5)]
            try await probe.save(progress)
            let record = try await probe.store.openForwarder(name: "noc", start: .zero)
            #expect(record.start == Position(rawValue: 1))
            #expect(record.cursor == progress.cursor)
            #expect(record.counts == progress.counts)
            #expect(record.pause == Pause(cause: .gone, reason: "410"))
            #expect(record.lastError == "410 Gone")
            #expect(record.parked == progress.parked)

            var next = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 6))
            next.counts.delivered = 2
            next.pause = .some(nil)
            next.unparked = [Position(rawValue: 3)]
            try await probe.save(next)
            let later = try await probe.store.openForwarder(name: "noc", start: .zero)
            #expect(later.counts.delivered == 3)
            #expect(later.pause == nil)
            #expect(later.lastError == "410 Gone")
            #expect(later.parked == [parked(5)])
        },
        Self("committed = delivered + filtered + dead + skipped + pending, in one snapshot") { probe in
            try await probe.commit([StoreProbe.event("0")])
            let forwarder = try await probe.store.openForwarder(name: "noc", start: Position(rawValue: 1)).id
            try await probe.commit((1...10).map { StoreProbe.event("\($0)") }, after: .seconds(1))
            var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 8))
            progress.counts.delivered = 3
            progress.counts.filtered = 1
            progress.counts.dead = 1
            progress.counts.skipped = 1
            progress.parked = [parked(4)]
            progress.deadLetters = [
                DeadLetterDraft(
                    position: Position(rawValue: 3),
                    reason: "HTTP 400",
                    attempts: 1,
                    time: StoreProbe.start
                )
            ]
            try await probe.save(progress)
            let status = try #require(try await probe.store.forwarderStatuses().first)
            #expect(status.committed == 10)
            #expect(status.pending == 4)
            #expect(status.parked == 1)
            #expect(sum(status) == status.committed)
            #expect(status.oldestPending == StoreProbe.start + .seconds(1))
        },
        Self("a forwarder that has concluded everything has nothing that waits") { probe in
            let forwarder = try await probe.store.openForwarder(name: "noc", start: .zero).id
            try await probe.commit([StoreProbe.event("1")])
            var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 1))
            progress.counts.delivered = 1
            try await probe.save(progress)
            let status = try #require(try await probe.store.forwarderStatuses().first)
            #expect(status.pending == 0 && status.oldestPending == nil)
        },
        Self("a dead letter keeps its own copy, with the reason") { probe in
            let forwarder = try await probe.store.openForwarder(name: "noc", start: .zero).id
            let committed = try await probe.commit([StoreProbe.event("a", state: "Running")])
            try await probe.save(dead(1, of: forwarder))
            let letter = try #require(try await probe.store.deadLetters(forwarder: "noc", after: 0, limit: 10).first)
            #expect(letter.forwarder == "noc" && letter.forwarderID == forwarder)
            #expect(letter.reason == "HTTP 400" && letter.attempts == 4)
            #expect(letter.time == StoreProbe.start + .nanoseconds(1))
            #expect(letter.stored.event == committed.events[0].event)
            #expect(letter.stored.changes == committed.events[0].changes)
            #expect(try await probe.store.deadLetter(id: letter.id)?.stored.event == letter.stored.event)
            #expect(try await probe.store.deadLetter(id: letter.id + 1)?.id == nil)
        },
        Self("dead letters are listed by forwarder, page by page") { probe in
            let first = try await probe.store.openForwarder(name: "a", start: .zero).id
            let second = try await probe.store.openForwarder(name: "b", start: .zero).id
            try await probe.commit((1...4).map { StoreProbe.event("\($0)") })
            for position in 1...4 { try await probe.save(dead(Int64(position), of: position == 2 ? second : first)) }
            func positions(_ forwarder: String?, after id: Int64 = 0, limit: Int = 9) async throws -> [Int64] {
                try await probe.store.deadLetters(forwarder: forwarder, after: id, limit: limit)
                    .map(\.stored.position.rawValue)
            }
            #expect(try await positions("a") == [1, 3, 4])
            #expect(try await positions("b") == [2])
            #expect(try await positions(nil, limit: 3) == [1, 2, 3])
            let page = try await probe.store.deadLetters(forwarder: "a", after: 0, limit: 1)
            #expect(try await positions("a", after: page[0].id) == [3, 4])
        },
        Self("dead letters are listed within so many bytes, and always one") { probe in
            let forwarder = try await probe.store.openForwarder(name: "a", start: .zero).id
            try await probe.commit((1...3).map { StoreProbe.event("\($0)") })
            for position in 1...3 { try await probe.save(dead(Int64(position), of: forwarder)) }
            let size = try #require(try await probe.log().first).event.payload.original.count
            func positions(after id: Int64, bytes: Int) async throws -> [Int64] {
                try await probe.store.deadLetters(forwarder: "a", after: id, limit: 9, maximumBytes: bytes)
                    .map(\.stored.position.rawValue)
            }
            #expect(try await positions(after: 0, bytes: 0) == [1])
            #expect(try await positions(after: 0, bytes: 2 * size) == [1, 2])
            let last = try #require(try await probe.store.lastDeadLetter(of: forwarder))
            #expect(try await positions(after: last - 1, bytes: 0) == [3])
            #expect(try await positions(after: last, bytes: 0) == [])
        },
        Self("dead letters are named without their events, up to an id") { probe in
            let first = try await probe.store.openForwarder(name: "a", start: .zero).id
            let second = try await probe.store.openForwarder(name: "b", start: .zero).id
            #expect(try await probe.store.lastDeadLetter(of: first) == nil)
            try await probe.commit((1...5).map { StoreProbe.event("\($0)") })
            for position in 1...5 { try await probe.save(dead(Int64(position), of: position == 2 ? second : first)) }
            let letters = try await probe.store.deadLetters(forwarder: "a", after: 0, limit: 9)
            let ids = letters.map(\.id)
            #expect(try await probe.store.lastDeadLetter(of: first) == ids[3])
            func references(_ range: ClosedRange<Int64>, limit: Int = 9) async throws -> [DeadLetterReference] {
                try await probe.store.deadLetterReferences(of: first, within: range, limit: limit)
            }
            #expect(try await references(1...Int64.max) == letters.map(\.reference))
            #expect(try await references(1...ids[2]).map(\.position.rawValue) == [1, 3, 4])
            #expect(try await references(ids[1]...Int64.max, limit: 2).map(\.id) == [ids[1], ids[2]])
            let other = try #require(try await probe.store.lastDeadLetter(of: second))
            #expect(try await references(other...other).isEmpty)
        },
        Self("redelivery moves an event from dead to pending, discarding from dead to skipped") { probe in
            let forwarder = try await probe.store.openForwarder(name: "noc", start: .zero).id
            try await probe.commit([StoreProbe.event("1"), StoreProbe.event("2")])
            try await probe.save(dead(1, of: forwarder))
            try await probe.save(dead(2, of: forwarder))
            let letters = try await probe.store.deadLetters(forwarder: nil, after: 0, limit: 9)
            var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 2))
            progress.removedDeadLetters = letters.map(\.id)
            progress.parked = [parked(1, isRedelivery: true)]
            progress.counts.skipped = 1
            try await probe.save(progress)
            let status = try #require(try await probe.store.forwarderStatuses().first)
            #expect(status.counts.dead == 0)
            #expect(status.counts.skipped == 1)
            #expect(status.pending == 1)
            #expect(sum(status) == status.committed)
            #expect(try await probe.store.deadLetters(forwarder: nil, after: 0, limit: 9).isEmpty)
        },
    ]

    private static func dead(_ position: Int64, of forwarder: ForwarderID) -> ForwarderProgress {
        var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: position))
        progress.counts.dead = 1
        progress.deadLetters = [
            DeadLetterDraft(
                position: Position(rawValue: position),
                reason: "HTTP 400",
                attempts: 4,
                time: StoreProbe.start + .nanoseconds(1)
            )
        ]
        return progress
    }

    /// Promise 12.
    static let quarantine = [
        Self("what could not be read is kept with the reason") { probe in
            let draft = QuarantineDraft(
                bytes: [0x7B, 0xFF, 0x00][...],
                reason: "no JSON",
                routingKey: "a.b",
                headers: ["x": "1", "y": ""]
            )
            let result = try await probe.commit([
                IntakeBatch(source: "http", items: [.unreadable(draft), .event(StoreProbe.event("a"), nil)])
            ])
            #expect(result.receipts[0].quarantined == 1 && result.receipts[0].accepted == 1)
            let item = try #require(try await probe.store.quarantined(source: "http", after: 0, limit: 9).first)
            #expect(item.source == "http")
            #expect(item.receivedTime == StoreProbe.start)
            #expect(item.draft.bytes.elementsEqual(draft.bytes))
            #expect(item.draft.reason == "no JSON")
            #expect(item.draft.routingKey == "a.b")
            #expect(item.draft.headers == draft.headers)
        },
        Self("the quarantine is listed by source, page by page, and counted") { probe in
            for (index, source) in ["a", "b", "a", "a"].enumerated() {
                let draft = QuarantineDraft(bytes: [UInt8(index)], reason: "\(index)")
                try await probe.commit([IntakeBatch(source: source, items: [.unreadable(draft)])])
            }
            let first = try await probe.store.quarantined(source: "a", after: 0, limit: 2)
            #expect(first.map(\.draft.reason) == ["0", "2"])
            let rest = try await probe.store.quarantined(source: "a", after: first[1].id, limit: 2)
            #expect(rest.map(\.draft.reason) == ["3"])
            #expect(try await probe.store.quarantined(source: nil, after: 0, limit: 9).count == 4)
            let few = try await probe.store.quarantined(source: "a", after: 0, limit: 9, maximumBytes: 0)
            #expect(few.map(\.id) == [first[0].id], "at least one, however large it is")
            #expect(try await probe.store.quarantineCounts() == ["a": 3, "b": 1])
        },
        Self("an item that could be read again leaves the quarantine with the commit of its event") { probe in
            try await probe.commit([
                IntakeBatch(
                    source: "a",
                    items: [
                        .unreadable(QuarantineDraft(bytes: [1], reason: "1")),
                        .unreadable(QuarantineDraft(bytes: [2], reason: "2")),
                    ]
                )
            ])
            let items = try await probe.store.quarantined(source: nil, after: 0, limit: 9)
            try await probe.commit([
                IntakeBatch(
                    source: "a",
                    items: [.event(StoreProbe.event("x"), nil)],
                    resolvedQuarantine: [items[0].id]
                )
            ])
            #expect(try await probe.store.quarantined(source: nil, after: 0, limit: 9).map(\.draft.reason) == ["2"])
        },
    ]
}
