import Foundation
import GRDB
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// What a restored store is, and what it must not say (promise 4).
@Suite struct RestorationTests {
    private static func restore(_ file: String, to directory: String) async throws -> Restoration.Result {
        try await Restoration.restore(file, to: directory, now: StoreProbe.start) { _ in }
    }

    @Test func `a restored store is that of the backup, and derives other ids from the positions that it gives again`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            let data = directory + "/data"
            let file = directory + "/backup"
            var lost = ""
            var kept = ""
            var instance = ""
            do {
                let store = try await SQLiteEventStore.open(at: data, options: .forTests)
                let probe = StoreProbe(store)
                kept = try await probe.commit([StoreProbe.event("")]).events[0].event.id
                _ = try await BackupTests.backUp(data, to: file)
                let later = StoreProbe.event("", content: #"{"after":"the backup"}"#)
                lost = try await probe.commit([later]).events[0].event.id
                instance = store.instanceID
                try await store.close()
            }
            let result = try await Self.restore(file, to: data)
            #expect(result.contents.events == 1)
            let previous = try #require(result.previous)
            #expect(try BackupTests.rows(of: "events", in: previous).count == 2, "What was there is kept.")
            try await withStore(at: data) { [kept, lost, instance] store in
                let head = try await store.head()
                #expect(head == Position(rawValue: 1))
                #expect(try await StoreProbe(store).log().map(\.event.id) == [kept], "What was known keeps its id.")
                let other = StoreProbe.event("", content: #"{"other":1}"#)
                let next = try await StoreProbe(store).commit([other]).events[0]
                #expect(next.position == Position(rawValue: 2))
                #expect(next.event.id != lost && next.event.id.hasSuffix("-2"))
                #expect(store.instanceID != instance)
                #expect(next.event.id == "\(store.instanceID)-2")
                try await store.indexText()
                let found = try await store.searchResources("vm-1", type: nil, cloud: nil, state: nil, limit: 5)
                #expect(found.resources.count == 1)
            }
            // Only once: the next opening goes on with the same.
            try await withStore(at: data) { [kept] store in
                let ids = try await StoreProbe(store).log().map(\.event.id)
                #expect(ids == [kept, "\(store.instanceID)-2"])
            }
        }
    }

    @Test func `a backup that is put in place by hand begins anew, too`() async throws {
        try await withTemporaryDirectory { directory in
            var instance = ""
            do {
                let store = try await SQLiteEventStore.open(at: directory + "/data", options: .forTests)
                instance = store.instanceID
                _ = try await BackupTests.backUp(directory + "/data", to: directory + "/backup")
                try await store.close()
            }
            try FileManager.default.createDirectory(atPath: directory + "/other", withIntermediateDirectories: true)
            try FileManager.default.moveItem(atPath: directory + "/backup", toPath: directory + "/other/martlet.sqlite")
            try await withStore(at: directory + "/other") { [instance] in #expect($0.instanceID != instance) }
        }
    }

    @Test func `the five numbers of a restored store add up, and its dead letters are there`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory + "/data") { store in
                try await BackupTests.fill(store)
                _ = try await BackupTests.backUp(directory + "/data", to: directory + "/backup")
            }
            _ = try await Self.restore(directory + "/backup", to: directory + "/data")
            try await withStore(at: directory + "/data") { store in
                let status = try #require(try await store.forwarderStatuses().first)
                #expect(status.counts.delivered + status.counts.dead + status.pending == status.committed)
                #expect(try await store.deadLetters(forwarder: "noc", after: 0, limit: 9).map(\.reason) == ["x"])
                #expect(try await store.checkpoint(source: "s", key: "k") == "v")
                // What came in before the backup is known when it comes again.
                let again = try await StoreProbe(store).commit([StoreProbe.event("7", machine: "m-0")])
                #expect(again.receipts[0].duplicates == 1)
            }
        }
    }

    @Test func `a running server keeps its store`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory + "/data") { store in
                try await BackupTests.fill(store)
                _ = try await BackupTests.backUp(directory + "/data", to: directory + "/backup")
                let error = await #expect(throws: StoreError.self) {
                    try await Self.restore(directory + "/backup", to: directory + "/data")
                }
                #expect(error?.code == .locked)
                #expect(try await StoreProbe(store).commit([StoreProbe.event("x")]).head == Position(rawValue: 41))
            }
        }
    }

    @Test func `a damaged backup is refused, and nothing is changed`() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/backup"
            try await withStore(at: directory + "/data") { store in
                try await BackupTests.fill(store)
                _ = try await BackupTests.backUp(directory + "/data", to: file)
            }
            let queue = try DatabaseQueue(path: file)
            try await queue.write {
                try $0.execute(sql: "UPDATE events SET recorded = recorded + 1 WHERE position = 5")
            }
            try queue.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: directory + "/data/martlet.sqlite"))
            let error = await #expect(throws: StoreError.self) { try await Self.restore(file, to: directory + "/data") }
            #expect(error?.code == .damaged)
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory + "/data/martlet.sqlite")) == before)
            let names = try FileManager.default.contentsOfDirectory(atPath: directory + "/data")
            #expect(!names.contains { $0.contains("before-restore") || $0.contains("restoring") })
        }
    }

    @Test func `something that is no backup is refused`() async throws {
        try await withTemporaryDirectory { directory in
            try Data("nonsense".utf8).write(to: URL(fileURLWithPath: directory + "/file"))
            try Data().write(to: URL(fileURLWithPath: directory + "/empty"))
            for name in ["file", "empty", "none"] {
                await #expect(throws: StoreError.self) {
                    try await Self.restore("\(directory)/\(name)", to: directory + "/data")
                }
            }
        }
    }
}
