import GRDB
import Martlet
import MartletClouds
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// What retention does to the file, beyond what every store promises.
@Suite struct RemovalTests {
    @Test func `freed pages are used again: the file does not grow`() async throws {
        try await withStore { store in
            let probe = StoreProbe(store)
            let body = "{\"x\":\"\(String(repeating: "x", count: 1_000))\"}"
            func fill(_ round: Int) async throws {
                let events = (0..<2_000).map { StoreProbe.event("\(round)-\($0)", machine: nil, content: body) }
                try await probe.commit(events)
            }
            try await fill(0)
            let full = try await store.space()
            for round in 1...5 {
                while try await store.removeEvents(through: .init(rawValue: .max), heldBy: [], limit: 500).count > 0 {}
                let empty = try await store.space()
                #expect(empty.used < full.used / 3)
                try await fill(round)
            }
            #expect(try await store.space().used < full.used * 5 / 4)
            let pages = try await store.read { try Int64.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
            #expect(pages * 4_096 < full.used * 3 / 2)
        }
    }

    @Test func `a large event goes alone, so that no commit waits for many of them`() async throws {
        try await withStore { store in
            let large = "{\"x\":\"\(String(repeating: "x", count: 3 << 20))\"}"
            try await StoreProbe(store).commit((1...4).map { StoreProbe.event("\($0)", content: large) })
            let removal = try await store.removeEvents(through: .init(rawValue: 3), heldBy: [], limit: 500)
            #expect(removal.count == 1)
            #expect(try await store.removeEvents(through: .init(rawValue: 3), heldBy: [], limit: 500).count == 1)
        }
    }

    @Test func `a time line ends where the log begins`() async throws {
        try await withStore { store in
            let probe = StoreProbe(store)
            try await probe.commit((1...6).map { StoreProbe.event("\($0)") })
            _ = try await store.removeEvents(through: .init(rawValue: 3), heldBy: [], limit: 500)
            let key = try #require(try await store.resources(type: "VirtualMachine", id: "vm-1", cloud: nil).first).key
            let line = try await store.timeline(of: key, before: nil, limit: 10).map(\.position.rawValue)
            #expect(line == [6, 5, 4])
            #expect(try await store.timeline(of: key, before: .init(rawValue: 2), limit: 10).isEmpty)
        }
    }

    @Test func `positions go on after everything that may go has gone, over a restart too`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory) { store in
                try await StoreProbe(store).commit((1...6).map { StoreProbe.event("\($0)") })
                _ = try await store.removeEvents(through: .init(rawValue: .max), heldBy: [], limit: 500)
            }
            try await withStore(at: directory) { store in
                #expect(try await store.head() == Position(rawValue: 6))
                #expect(try await StoreProbe(store).commit([StoreProbe.event("x")]).head == Position(rawValue: 7))
                // What has gone from the log is still known when it comes again.
                let again = try await StoreProbe(store).commit([StoreProbe.event("2")])
                #expect(again.receipts[0].duplicates == 1)
            }
        }
    }

    @Test func `resources whose events have gone are found by their text, also when that is made anew`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory) { store in
                try await StoreProbe(store).commit((1...20).map { StoreProbe.event("\($0)", machine: "machine-\($0)") })
                _ = try await store.removeEvents(through: .init(rawValue: 15), heldBy: [], limit: 500)
            }
            for suffix in ["", "-wal", "-shm"] { try? removeFile(directory + "/text.sqlite" + suffix) }
            try await withStore(at: directory) { store in
                try await store.indexText()
                for machine in [1, 15, 16, 20] {
                    let found = try await store.searchResources(
                        "machine-\(machine)",
                        type: nil,
                        cloud: nil,
                        state: nil,
                        limit: 50
                    )
                    #expect(found.resources.contains { $0.id == "machine-\(machine)" })
                    #expect(found.indexedThrough == Position(rawValue: 20))
                }
                try await StoreProbe(store).commit([StoreProbe.event("x", machine: "later")])
                try await store.indexText()
                let later = try await store.searchResources("later", type: nil, cloud: nil, state: nil, limit: 5)
                #expect(later.resources.map(\.id) == ["later"])
            }
        }
    }

    @Test func `a tombstone in the middle of a chain of keys stays until the chain has ended`() async throws {
        var options = StoreOptions.forTests
        // Everything has the same first key.
        options.resourceHash = { _ in 100 }
        try await withStore(options: options) { store in
            let probe = StoreProbe(store)
            var deletion = ResourceFacts()
            deletion.isDeletion = true
            try await probe.commit(["a", "b", "c"].map { StoreProbe.event($0, machine: $0) })
            try await probe.commit(
                [StoreProbe.event("a2", machine: "a"), StoreProbe.event("b2", machine: "b")],
                facts: deletion
            )
            let late = StoreProbe.start + .seconds(1_000)
            func clear() async throws -> Int {
                try await store.removeTombstones(deletedBefore: late, after: nil, limit: 10).removed
            }
            #expect(try await clear() == 0, "c is found by way of a and b.")
            #expect(try await store.resources(type: "VirtualMachine", id: "c", cloud: nil).count == 1)
            try await probe.commit([StoreProbe.event("c2", machine: "c")], facts: deletion)
            #expect(try await clear() == 3)
            #expect(try await store.resources(type: "VirtualMachine", id: "c", cloud: nil).isEmpty)
            // What is forgotten does not come back from the writer's memory.
            try await probe.commit([StoreProbe.event("c3", machine: "c")])
            let again = try #require(try await store.resources(type: "VirtualMachine", id: "c", cloud: nil).first)
            #expect(again.key.rawValue == 100 && again.deleted == nil)
        }
    }

    @Test func `a tombstone that goes is found by its text no longer`() async throws {
        try await withStore { store in
            let probe = StoreProbe(store)
            var deletion = ResourceFacts()
            deletion.isDeletion = true
            try await probe.commit([StoreProbe.event("1", machine: "gone")], facts: deletion)
            try await store.indexText()
            func found() async throws -> Int {
                try await store.textIndex.keys(matching: "gone", type: nil, cloud: nil, state: nil, limit: 9).keys.count
            }
            #expect(try await found() == 1)
            let late = StoreProbe.start + .seconds(1_000)
            #expect(try await store.removeTombstones(deletedBefore: late, after: nil, limit: 10).removed == 1)
            #expect(try await found() == 0)
        }
    }
}
