import GRDB
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct IdentityExpiryTests {
    private static func count(of store: SQLiteEventStore) async throws -> Int {
        try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM identity_tables") ?? 0 }
    }

    private static func step(_ store: SQLiteEventStore) async throws -> Bool {
        try await store.write { writer, database in try writer.removeExpiredIdentities(on: database) }
    }

    @Test func `a table past the horizon goes a step at a time, and a restart in between goes on with it`() async throws
    {
        let time = ManualTime()
        var options = StoreOptions.forTests
        options.time = time
        try await withTemporaryDirectory { [options] directory in
            try await withStore(at: directory, options: options) { store in
                let probe = StoreProbe(store)
                try await probe.commit((0..<12_000).map { StoreProbe.event("\($0)", machine: nil) })
                for hour in 1...IdentityTables.count {
                    time.advance(by: .seconds(3_601))
                    try await probe.commit([StoreProbe.event("hour-\(hour)", machine: nil)])
                }
                #expect(try await Self.count(of: store) == IdentityTables.count + 1, "None is dropped within a commit.")
                let again = try await probe.commit([StoreProbe.event("0", machine: nil)])
                #expect(again.receipts[0].accepted == 1, "What is past the horizon is not known any more.")
                #expect(try await Self.step(store))
            }
            try await withStore(at: directory, options: options) { store in
                let left = try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM identity_1") ?? 0 }
                #expect(left == 7_000)
                #expect(try await Self.step(store))
                #expect(try await Self.step(store) == false)
                #expect(try await Self.count(of: store) == IdentityTables.count)
                let again = try await StoreProbe(store).commit([StoreProbe.event("hour-5", machine: nil)])
                #expect(again.receipts[0].duplicates == 1)
            }
        }
    }
}
