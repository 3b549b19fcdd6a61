import Foundation
import GRDB
import Martlet
import MartletClouds
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct TextSearchTests {
    @Test(
        arguments: [
            ("web", "\"web\"*"), ("web  server", "\"web\" \"server\"*"), ("say \"hi\"", "\"say\" \"\"\"hi\"\"\"*"),
            ("a OR b", "\"a\" \"OR\" \"b\"*"), ("name:x*", "\"name:x*\"*"), ("a\u{0}b", "\"ab\"*"), ("- * ( )", nil),
            ("", nil),
            (" \n", nil),
        ] as [(String, String?)]
    )
    func `what a user types is never taken for the query language`(_ text: String, _ query: String?) {
        #expect(TextQuery.make(text) == query)
    }

    @Test(arguments: [
        "\"", "\"\"\"", "a\"b", "NEAR(a b)", "^a", "a AND", "{name}: a", "(", "a'b; DROP TABLE texts", "\u{0}", "漢字",
        "a -b", "*",
        String(repeating: "word ", count: 1_000),
    ])
    func `no text breaks the search`(_ text: String) async throws {
        try await withStore { store in
            try await StoreProbe(store).commit([StoreProbe.event(machine: "vm-1")])
            try await store.indexText()
            let found = try await store.searchResources(text, type: nil, cloud: nil, state: nil, limit: 9)
            #expect(found.resources.isEmpty)
            #expect(found.indexedThrough == Position(rawValue: 1))
        }
    }

    @Test func `the text trails and says how far it is`() async throws {
        try await withStore { store in
            let probe = StoreProbe(store)
            try await probe.commit([StoreProbe.event(machine: "vm-1")])
            try await store.indexText()
            try await probe.commit([StoreProbe.event(machine: "vm-2")])
            func search() async throws -> (ids: [String], through: Int64) {
                let found = try await store.searchResources("vm", type: nil, cloud: nil, state: nil, limit: 9)
                return (found.resources.map(\.id).sorted(), found.indexedThrough.rawValue)
            }
            #expect(try await search() == (["vm-1"], 1))
            try await store.indexText()
            #expect(try await search() == (["vm-1", "vm-2"], 2))
        }
    }

    @Test func `a document that is damaged keeps no other from being found`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/data"
            try await withStore(at: path) { store in
                let probe = StoreProbe(store)
                try await probe.commit([StoreProbe.event(machine: "vm-1"), StoreProbe.event(machine: "vm-2")])
                try await store.write { _, database in
                    try database.execute(sql: "UPDATE resources SET document = '{' WHERE id = 'vm-1'")
                }
            }
            // Opened anew it looks in the log for what has changed.
            try await withStore(at: path) { store in
                try await store.indexText()
                let found = try await store.searchResources("vm", type: nil, cloud: nil, state: nil, limit: 9)
                #expect(found.resources.map(\.id) == ["vm-2"])
                #expect(found.indexedThrough == Position(rawValue: 2))
            }
        }
    }

    @Test func `a text that has changed is found by its new words alone`() async throws {
        try await withStore { store in
            let probe = StoreProbe(store)
            var facts = ResourceFacts()
            for name in ["heron", "kestrel"] {
                facts.name = name
                try await probe.commit([StoreProbe.event()], facts: facts)
                try await store.indexText()
            }
            for (name, count) in [("heron", 0), ("kestrel", 1)] {
                let found = try await store.searchResources(name, type: nil, cloud: nil, state: nil, limit: 9)
                #expect(found.resources.count == count)
            }
        }
    }

    @Test(arguments: ["missing", "damaged"])
    func `a text index that cannot be used is made anew`(_ how: String) async throws {
        try await withTemporaryDirectory { directory in
            let probe = (1...1_500).map { StoreProbe.event("\($0)", machine: "vm-\($0 % 7)") }
            try await withStore(at: directory) { store in
                try await StoreProbe(store).commit(probe)
                try await store.indexText()
            }
            if how == "missing" {
                try FileManager.default.removeItem(atPath: directory + "/text.sqlite")
            } else {
                try Data(repeating: 0x41, count: 9_000).write(to: URL(fileURLWithPath: directory + "/text.sqlite"))
            }
            try await withStore(at: directory) { store in
                try await store.indexText()
                let found = try await store.searchResources("vm-3", type: nil, cloud: nil, state: nil, limit: 9)
                #expect(found.resources.map(\.id) == ["vm-3"])
                #expect(found.indexedThrough == Position(rawValue: 1_500))
            }
        }
    }
}
