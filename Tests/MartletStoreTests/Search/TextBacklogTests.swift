import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct TextBacklogTests {
    @Test func `what has changed is told once, up to the head`() throws {
        let backlog = TextBacklog(head: 5)
        backlog.add([1, 2], through: 7)
        backlog.add([2, 3], through: 9)
        let taken = try #require(backlog.take(after: 5))
        #expect(taken.keys == [1, 2, 3])
        #expect(taken.through == 9)
        let rest = try #require(backlog.take(after: 9))
        #expect(rest.keys.isEmpty)
    }

    @Test(arguments: [4, 10] as [Int64])
    func `what was committed before it began is in the log alone, and so is what is not committed`(_ position: Int64) {
        let backlog = TextBacklog(head: 5)
        backlog.add([1], through: 9)
        #expect(backlog.take(after: position) == nil)
    }

    @Test func `what could not be indexed comes again`() throws {
        let backlog = TextBacklog(head: 0)
        backlog.add([1], through: 1)
        let taken = try #require(backlog.take(after: 0))
        #expect(backlog.take(after: 0) == nil)
        backlog.add([2], through: 2)
        backlog.giveBack(taken.keys, after: 0, through: taken.through)
        let again = try #require(backlog.take(after: 0))
        #expect(again.keys == [1, 2])
    }

    @Test func `what became too many while some was being indexed is left to the log, should that fail`() throws {
        let backlog = TextBacklog(head: 0, maximumKeys: 3)
        backlog.add([1], through: 1)
        let taken = try #require(backlog.take(after: 0))
        backlog.add(2...5, through: 5)
        backlog.giveBack(taken.keys, after: 0, through: taken.through)
        #expect(backlog.take(after: 0) == nil, "The log has 2 to 5, which are not known here.")
        backlog.add([6], through: 6)
        #expect(backlog.take(after: 5)?.keys == [6])
    }

    @Test func `more than it holds is left to the log`() throws {
        let backlog = TextBacklog(head: 0, maximumKeys: 3)
        backlog.add(1...4, through: 4)
        #expect(backlog.take(after: 0) == nil)
        backlog.add([5], through: 5)
        let taken = try #require(backlog.take(after: 4))
        #expect(taken.keys == [5])
    }

    @Test func `more resources than a page are all found`() async throws {
        try await withStore { store in
            // Names of one length: none begins with another.
            let events = (10_001...14_100).map { StoreProbe.event("\($0)", machine: "vm-\($0)") }
            try await StoreProbe(store).commit(events)
            let hasMore = try await store.indexTextPage()
            #expect(!hasMore)
            for machine in ["vm-10001", "vm-12050", "vm-14100"] {
                let found = try await store.searchResources(machine, type: nil, cloud: nil, state: nil, limit: 9)
                #expect(found.resources.map(\.id) == [machine])
                #expect(found.indexedThrough.rawValue == 4_100)
            }
        }
    }

    @Test func `an event that changes nothing moves the text index on`() async throws {
        try await withStore { store in
            let probe = StoreProbe(store)
            for number in 1...3 {
                try await probe.commit([StoreProbe.event("\(number)", machine: "vm-1")])
                try await store.indexText()
                #expect(try await store.textIndex.indexedThrough().rawValue == Int64(number))
            }
        }
    }

    @Test func `what an earlier process committed is found in the log`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory) { store in
                try await StoreProbe(store).commit([StoreProbe.event("1", machine: "vm-1")])
            }
            try await withStore(at: directory) { store in
                try await StoreProbe(store).commit([StoreProbe.event("2", machine: "vm-2")])
                try await store.indexText()
                let found = try await store.searchResources("vm", type: nil, cloud: nil, state: nil, limit: 9)
                #expect(found.resources.map(\.id).sorted() == ["vm-1", "vm-2"])
                #expect(found.indexedThrough.rawValue == 2)
            }
        }
    }
}
