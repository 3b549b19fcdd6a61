import GRDB
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

    @Test func `progress that cannot be stored leaves nothing of its group`() async throws {
        try await withStore { store in
            let probe = StoreProbe(store)
            let forwarder = try await store.openForwarder(name: "noc", start: .zero).id
            var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 7))
            progress.counts.dead = 1
            progress.deadLetters = [
                DeadLetterDraft(position: Position(rawValue: 7), reason: "", attempts: 1, time: StoreProbe.start)
            ]
            let batch = IntakeBatch(source: "a", items: [.event(StoreProbe.event("1", state: "Running"), nil)])
            // The group's last statement fails.
            try await rename("dead_letters", to: "hidden", in: store)
            await #expect(throws: StoreError.self) { try await probe.commit([batch], progress: [progress]) }
            try await rename("hidden", to: "dead_letters", in: store)
            #expect(try await store.head() == .zero)
            #expect(try await store.resources(type: "VirtualMachine", id: "vm-1", cloud: nil).isEmpty)
            let result = try await probe.commit([batch])
            #expect(result.receipts[0].accepted == 1 && result.head == Position(rawValue: 1))
            #expect(result.events[0].changes != nil)
        }
    }

    private func rename(_ table: String, to name: String, in store: SQLiteEventStore) async throws {
        try await store.write { _, database in try database.execute(sql: "ALTER TABLE \(table) RENAME TO \(name)") }
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
