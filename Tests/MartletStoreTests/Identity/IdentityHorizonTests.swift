import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct IdentityHorizonTests {
    @Test func `an id is known for 24 hours of running time, and forgotten in the end`() async throws {
        let time = ManualTime()
        var options = StoreOptions.forTests
        options.time = time
        try await withStore(options: options) { store in
            let probe = StoreProbe(store)
            try await probe.commit([StoreProbe.event("a")])
            for _ in 0..<24 {
                time.advance(by: .seconds(3_600))
                let result = try await probe.commit([StoreProbe.event("a")])
                #expect(result.receipts[0].duplicates == 1)
            }
            time.advance(by: .seconds(3_600))
            let result = try await probe.commit([StoreProbe.event("a")])
            #expect(result.receipts[0].accepted == 1)
        }
    }

    @Test func `the running time is carried over a restart, the time between is not counted`() async throws {
        let time = ManualTime()
        var options = StoreOptions.forTests
        options.time = time
        try await withTemporaryDirectory { [options] directory in
            try await withStore(at: directory, options: options) { store in
                time.advance(by: .seconds(50 * 60))
                try await StoreProbe(store).commit([StoreProbe.event("a")])
            }
            time.advance(by: .seconds(10 * 86_400))
            try await withStore(at: directory, options: options) { store in
                let probe = StoreProbe(store)
                let first = try await probe.commit([StoreProbe.event("a")])
                #expect(first.receipts[0].duplicates == 1)
                #expect(try await IdentityHorizonTests.tables(of: store) == [1])
                time.advance(by: .seconds(10 * 60))
                let second = try await probe.commit([StoreProbe.event("a")])
                #expect(second.receipts[0].duplicates == 1)
                #expect(try await IdentityHorizonTests.tables(of: store) == [1, 2])
            }
        }
    }

    @Test func `the running time of a later table is carried over a restart, too`() async throws {
        let time = ManualTime()
        var options = StoreOptions.forTests
        options.time = time
        try await withTemporaryDirectory { [options] directory in
            try await withStore(at: directory, options: options) { store in
                let probe = StoreProbe(store)
                time.advance(by: .seconds(70 * 60))
                try await probe.commit([StoreProbe.event("a")])
                #expect(try await IdentityHorizonTests.tables(of: store) == [1, 2])
                time.advance(by: .seconds(50 * 60))
                try await probe.commit([StoreProbe.event("b")])
            }
            try await withStore(at: directory, options: options) { store in
                time.advance(by: .seconds(10 * 60))
                try await StoreProbe(store).commit([StoreProbe.event("c")])
                #expect(try await IdentityHorizonTests.tables(of: store) == [1, 2, 3])
            }
        }
    }

    @Test func `a clock that jumps costs one table at the most`() async throws {
        let time = ManualTime()
        var options = StoreOptions.forTests
        options.time = time
        try await withStore(options: options) { store in
            let probe = StoreProbe(store)
            try await probe.commit([StoreProbe.event("a")])
            time.advance(by: .seconds(400 * 86_400))
            #expect(try await probe.commit([StoreProbe.event("a")]).receipts[0].duplicates == 1)
            time.advance(by: .seconds(-500 * 86_400))
            #expect(try await probe.commit([StoreProbe.event("a")]).receipts[0].duplicates == 1)
            #expect(try await IdentityHorizonTests.tables(of: store) == [1, 2])
        }
    }

    private static func tables(of store: SQLiteEventStore) async throws -> [Int64] {
        try await store.read { database in
            var numbers: [Int64] = []
            try RawStatement(database, "SELECT number FROM identity_tables ORDER BY number").forEach { row in
                numbers.append(row.integer(0))
                return true
            }
            return numbers
        }
    }
}
