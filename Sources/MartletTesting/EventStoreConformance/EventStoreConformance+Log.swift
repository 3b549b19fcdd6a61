import Martlet
import MartletPipeline
import Testing

extension EventStoreConformance.Clause {
    /// Appending to the log and reading it.
    static let log = [
        Self("an empty log has no head and no pages") { probe in
            let head = try await probe.store.head()
            #expect(head == .zero)
            #expect(try await probe.log().isEmpty)
            #expect(try await probe.store.position(before: StoreProbe.start) == .zero)
        },
        Self("what is committed is read as the commit returned it") { probe in
            let result = try await probe.commit([
                StoreProbe.event("a", state: "Running"), StoreProbe.event("", machine: nil), StoreProbe.event("b"),
            ])
            #expect(result.head == Position(rawValue: 3))
            #expect(result.receipts.map(\.accepted) == [3])
            #expect(result.receipts.map(\.lastPosition) == [Position(rawValue: 3)])
            let log = try await probe.log()
            #expect(log.map(\.event) == result.events.map(\.event))
            #expect(log.map(\.resourceKey) == result.events.map(\.resourceKey))
            #expect(log.map(\.changes) == result.events.map(\.changes))
            #expect(log.map { $0.event.fields.recordedTime } == Array(repeating: StoreProbe.start, count: 3))
        },
        Self("an event without an id has one when it is read, and always the same") { probe in
            try await probe.commit([StoreProbe.event(""), StoreProbe.event("")])
            let first = try await probe.log().map(\.event.id)
            #expect(Set(first).count == 2 && !first.contains(""))
            #expect(try await probe.log().map(\.event.id) == first)
        },
        Self("a page ends at its limit and at its bytes, but always holds one event") { probe in
            let body = #"{"pad":"0123456789"}"#
            try await probe.commit((1...5).map { StoreProbe.event("\($0)", content: body) })
            func page(after: Int64, limit: Int, bytes: Int) async throws -> [Int64] {
                try await probe.store.page(after: Position(rawValue: after), limit: limit, maximumBytes: bytes)
                    .map(\.position.rawValue)
            }
            #expect(try await page(after: 0, limit: 2, bytes: 1_000) == [1, 2])
            #expect(try await page(after: 1, limit: 9, bytes: 3 * body.utf8.count) == [2, 3, 4])
            #expect(try await page(after: 3, limit: 9, bytes: 1) == [4])
            #expect(try await page(after: 5, limit: 9, bytes: 1_000) == [])
        },
        Self("positions have no holes for a reader beside the writer") { probe in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var next: Int64 = 1
                    while next <= 400 {
                        let page = try await probe.store.page(
                            after: Position(rawValue: next - 1),
                            limit: 64,
                            maximumBytes: .max
                        )
                        for event in page {
                            try #require(event.position.rawValue == next)
                            next += 1
                        }
                        await Task.yield()
                    }
                }
                for commit in 0..<100 {
                    try await probe.commit((0..<4).map { StoreProbe.event("\(commit)-\($0)", machine: "vm-\($0)") })
                }
                try await group.waitForAll()
            }
        },
        Self("events are read by position, ascending, without those that are not there") { probe in
            try await probe.commit((1...5).map { StoreProbe.event("\($0)") })
            let events = try await probe.store.events(at: [4, 9, 2].map(Position.init(rawValue:)))
            #expect(events.map(\.position.rawValue) == [2, 4])
        },
        Self("a moment is found by the position before it") { probe in
            for second in 0..<20 {
                try await probe.commit([StoreProbe.event("\(second)")], after: .seconds(second / 2 * 10))
            }
            for (seconds, expected) in [(-1, 0), (0, 0), (1, 2), (10, 2), (55, 12), (90, 18), (91, 20)] {
                let position = try await probe.store.position(before: StoreProbe.start + .seconds(seconds))
                #expect(position.rawValue == Int64(expected), "\(seconds) s")
            }
        },
        Self("a checkpoint is stored with its batch, per source and key") { probe in
            try await probe.commit(
                [StoreProbe.event("a")],
                source: "kafka",
                checkpoints: [Checkpoint(key: "t/0", value: "17")]
            )
            try await probe.commit([], source: "kafka", checkpoints: [Checkpoint(key: "t/1", value: "5")])
            try await probe.commit([], source: "kafka", checkpoints: [Checkpoint(key: "t/0", value: "18")])
            #expect(try await probe.store.checkpoint(source: "kafka", key: "t/0") == "18")
            #expect(try await probe.store.checkpoint(source: "kafka", key: "t/1") == "5")
            #expect(try await probe.store.checkpoint(source: "other", key: "t/0") == nil)
        },
        Self("a checkpoint tells the positions that its batch was given, where it asks for them") { probe in
            let asking = Checkpoint(key: "kept", value: "1-1 ", includesPositions: true)
            try await probe.commit([StoreProbe.event("a")])
            try await probe.commit(["b", "c", "a"].map { StoreProbe.event($0) }, checkpoints: [asking])
            #expect(try await probe.store.checkpoint(source: "source", key: "kept") == "1-1 2-3")
            try await probe.commit([StoreProbe.event("a")], checkpoints: [asking])
            #expect(try await probe.store.checkpoint(source: "source", key: "kept") == "1-1 ")
        },
        Self("a setting is what was set last") { probe in
            #expect(try await probe.store.setting("token") == nil)
            try await probe.store.setSetting("token", to: "a")
            try await probe.store.setSetting("token", to: "b")
            #expect(try await probe.store.setting("token") == "b")
        },
        Self("several batches are answered in their order") { probe in
            let result = try await probe.commit([
                IntakeBatch(
                    source: "a",
                    items: [.event(StoreProbe.event("1"), nil), .event(StoreProbe.event("2"), nil)]
                ),
                IntakeBatch(source: "b", items: []),
                IntakeBatch(source: "c", items: [.event(StoreProbe.event("1"), nil)]),
            ])
            #expect(result.receipts.map(\.accepted) == [2, 0, 0])
            #expect(result.receipts.map(\.duplicates) == [0, 0, 1])
            #expect(result.receipts.map(\.lastPosition?.rawValue) == [2, nil, 1])
        },
    ]

    /// Promise 4.
    static let identity = [
        Self("an event that is delivered again is stored once") { probe in
            try await probe.commit([StoreProbe.event("a"), StoreProbe.event("b")])
            let result = try await probe.commit([StoreProbe.event("a")])
            #expect(result.receipts[0].duplicates == 1)
            #expect(result.receipts[0].accepted == 0)
            #expect(result.receipts[0].lastPosition == Position(rawValue: 1))
            #expect(result.events.isEmpty)
            #expect(try await probe.log().count == 2)
        },
        Self("an event that is twice in one batch is stored once") { probe in
            let result = try await probe.commit([StoreProbe.event("a"), StoreProbe.event("a")])
            #expect(result.receipts[0].accepted == 1)
            #expect(result.receipts[0].duplicates == 1)
        },
        Self("different content under one id is kept, each once") { probe in
            try await probe.commit([StoreProbe.event("a", content: #"{"n":1}"#)])
            try await probe.commit([StoreProbe.event("a", content: #"{"n":2}"#)])
            let again = try await probe.commit([
                StoreProbe.event("a", content: #"{"n":1}"#), StoreProbe.event("a", content: #"{"n":2}"#),
            ])
            #expect(again.receipts[0].duplicates == 2)
            #expect(try await probe.log().map(\.event.id) == ["a", "a"])
        },
        Self("events without an id are never taken for one another") { probe in
            try await probe.commit([StoreProbe.event(""), StoreProbe.event("")])
            #expect(try await probe.log().count == 2)
        },
        Self("an event without a time is recognised too") { probe in
            try await probe.commit([StoreProbe.event("a", time: nil)])
            let result = try await probe.commit([StoreProbe.event("a", time: nil)])
            #expect(result.receipts[0].duplicates == 1)
        },
        Self("one id in two clouds is two events") { probe in
            try await probe.commit([StoreProbe.event("a", cloud: "prod"), StoreProbe.event("a", cloud: "test")])
            #expect(try await probe.log().count == 2)
        },
    ]
}
