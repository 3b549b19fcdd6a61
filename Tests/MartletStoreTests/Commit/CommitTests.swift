import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct CommitTests {
    @Test func `a commit is finished though its task is cancelled`() async throws {
        try await withStore { store in
            let result = try await withThrowingTaskGroup(of: CommitResult.self) { group in
                group.cancelAll()
                group.addTask { try await StoreProbe(store).commit([StoreProbe.event("1")]) }
                return try await #require(group.next())
            }
            #expect(result.head == Position(rawValue: 1))
            #expect(try await store.head() == Position(rawValue: 1))
        }
    }

    @Test func `recorded times never fall along the log, whatever the clock does`() async throws {
        try await withStore { store in
            let probe = StoreProbe(store)
            for seconds in [5, 3, 9] { try await probe.commit([StoreProbe.event("")], after: .seconds(seconds)) }
            let recorded = try await probe.log().compactMap(\.event.fields.recordedTime)
            #expect(recorded == [5, 5, 9].map { StoreProbe.start + .seconds($0) })
        }
    }

    @Test func `a dead letter whose event is not there is counted as skipped, and keeps no commit from being made`()
        async throws
    {
        try await withStore { store in
            let probe = StoreProbe(store)
            let forwarder = try await store.openForwarder(name: "noc", start: .zero).id
            try await probe.commit((1...3).map { StoreProbe.event("\($0)") })
            var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 7))
            progress.counts.dead = 1
            progress.deadLetters = [
                DeadLetterDraft(position: Position(rawValue: 7), reason: "", attempts: 1, time: StoreProbe.start)
            ]
            let batch = IntakeBatch(source: "a", items: [.event(StoreProbe.event("4", state: "Running"), nil)])
            let result = try await probe.commit([batch], progress: [progress])
            #expect(result.receipts.first?.accepted == 1 && result.head == Position(rawValue: 4))
            let counts = try #require(try await store.forwarderStatuses().first?.counts)
            #expect(counts.dead == 0 && counts.skipped == 1)
        }
    }

    @Test func `ever new kinds of events cost their bytes and nothing else`() async throws {
        var options = StoreOptions.forTests
        options.fragmentCapacity = 10
        try await withStore(options: options) { store in
            let probe = StoreProbe(store)
            let events = (0..<50).map { number in
                StoreProbe.event("\(number)").with { fields in
                    fields.type = "type-\(number)"
                    fields.source = "/publishers/\(number)"
                }
            }
            let committed = try await probe.commit(events)
            #expect(try await probe.log().map(\.event) == committed.events.map(\.event))
            let fragments = try await store.read { database in
                try RawStatement(database, "SELECT count(*) FROM fragments").first { $0.integer(0) }
            }
            #expect(fragments == 10)
        }
    }
}
