import Foundation
import GRDB
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// A backup is the store at one moment, made while it is written to.
@Suite struct BackupTests {
    static let now = StoreProbe.start

    static func backUp(_ directory: String, to file: String, replaces: Bool = false) async throws
        -> StoreBackup.Contents
    {
        try await StoreBackup.make(of: directory, to: file, replaces: replaces, now: now) { _ in }
    }

    /// What a table holds, as text.
    static func rows(of table: String, in file: String) throws -> [String] {
        let queue = try DatabaseQueue(path: file)
        let rows = try queue.read { try Row.fetchAll($0, sql: "SELECT * FROM \(table)").map(\.description) }
        try queue.close()
        return rows.sorted()
    }

    static func tables(in file: String) throws -> [String] {
        let queue = try DatabaseQueue(path: file)
        let names = try queue.read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        }
        try queue.close()
        return names
    }

    /// Fills every table.
    static func fill(_ store: SQLiteEventStore) async throws {
        let probe = StoreProbe(store)
        let forwarder = try await store.openForwarder(name: "noc", start: .zero).id
        let items = (1...40).map { IntakeItem.event(StoreProbe.event("\($0)", machine: "m-\($0 % 7)"), nil) }
        let draft = QuarantineDraft(bytes: [1], reason: "no JSON")
        try await probe.commit([
            IntakeBatch(
                source: "s",
                items: items + [.unreadable(draft)],
                checkpoints: [Checkpoint(key: "k", value: "v")]
            )
        ])
        var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 20))
        progress.counts.dead = 1
        progress.counts.delivered = 19
        progress.deadLetters = [
            DeadLetterDraft(position: Position(rawValue: 3), reason: "x", attempts: 1, time: now)
        ]
        try await probe.save(progress)
        try await store.setSetting("a", to: "b")
    }

    @Test func `a file of the store itself is never replaced`() async throws {
        try await withTemporaryDirectory { directory in
            let data = directory + "/data"
            try await withStore(at: data) { store in
                try await BackupTests.fill(store)
                let files = FileManager.default
                try files.createSymbolicLink(atPath: directory + "/way", withDestinationPath: data)
                try files.linkItem(atPath: data + "/martlet.sqlite", toPath: directory + "/hard")
                try files.createSymbolicLink(atPath: directory + "/soft", withDestinationPath: data + "/martlet.sqlite")
                let names = [
                    "martlet.sqlite", "martlet.sqlite-wal", "martlet.sqlite-shm", "martlet.sqlite-journal",
                    "text.sqlite",
                    "text.sqlite-wal", "lock", "martlet.sqlite.before-restore-20260130T113835",
                ]
                let places = names.flatMap {
                    ["\(data)/\($0)", "\(directory)/way/\($0)", "\(directory)/data//./\($0)"]
                }
                for file in places + [directory + "/hard", directory + "/soft"] {
                    for replaces in [true, false] {
                        let error = await #expect(throws: StoreError.self) {
                            try await BackupTests.backUp(data, to: file, replaces: replaces)
                        }
                        #expect(error?.reason.contains("\(file) is a file of the store itself") == true)
                    }
                }
                #expect(try files.contentsOfDirectory(atPath: data).allSatisfy { !$0.contains("partial") })
                #expect(try await StoreProbe(store).commit([StoreProbe.event("41")]).events.count == 1)
                let contents = try await BackupTests.backUp(data, to: data + "/copy", replaces: true)
                #expect(contents.events == 41)
            }
        }
    }

    @Test func `everything is in it, and it opens as a store`() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/backup"
            try await withStore(at: directory + "/data") { store in
                try await BackupTests.fill(store)
                let contents = try await BackupTests.backUp(directory + "/data", to: file)
                #expect(contents.events == 40 && contents.first == 1 && contents.last == 40)
                #expect(contents.resources == 7 && contents.layout == StoreFile.version)
                // Nothing has been taken from the store itself.
                #expect(try await StoreProbe(store).commit([StoreProbe.event("x")]).head == Position(rawValue: 41))
            }
            let original = directory + "/data/martlet.sqlite"
            #expect(try BackupTests.tables(in: file) == BackupTests.tables(in: original))
            for table in try BackupTests.tables(in: original) where !table.contains("_by_") {
                if ["events", "resources", "identity_1", "settings"].contains(table) { continue }
                #expect(
                    try BackupTests.rows(of: table, in: file) == BackupTests.rows(of: table, in: original),
                    "\(table)"
                )
            }
            #expect(try BackupTests.rows(of: "identity_1", in: file).count == 40)
            #expect(try BackupTests.rows(of: "sqlite_sequence", in: file).count == 3)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(names == ["backup", "data"], "Nothing is left beside it.")
        }
    }

    @Test func `it is of one moment, whatever is committed and removed meanwhile`() async throws {
        try await withTemporaryDirectory { directory in
            let data = directory + "/data"
            try await withStore(at: data) { store in
                let probe = StoreProbe(store)
                _ = try await store.openForwarder(name: "noc", start: .zero)
                try await probe.commit((0..<12_000).map { StoreProbe.event("\($0)", machine: "m-\($0 % 50)") })
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        // Each commit has an event and the cursor that goes with it; the beginning goes meanwhile.
                        var number = 0
                        while !Task.isCancelled {
                            number += 1
                            let head = try await probe.commit([StoreProbe.event("n-\(number)", machine: "m-1")]).head
                            try await probe.save(ForwarderProgress(forwarder: ForwarderID(rawValue: 1), cursor: head))
                            _ = try await store.removeEvents(through: .init(rawValue: 9_000), heldBy: [], limit: 50)
                        }
                    }
                    for round in 1...5 {
                        let file = "\(directory)/backup-\(round)"
                        let contents = try await BackupTests.backUp(data, to: file)
                        #expect(contents.events == contents.last - contents.first + 1, "The log has no holes.")
                        let queue = try DatabaseQueue(path: file)
                        let (latest, cursor) = try await queue.read { database in
                            let latest = try Int64.fetchOne(database, sql: "SELECT max(latest) FROM resources") ?? 0
                            let cursor = try Int64.fetchOne(database, sql: "SELECT cursor FROM forwarders") ?? 0
                            return (latest, cursor)
                        }
                        #expect(latest == contents.last, "Index and log agree.")
                        #expect(cursor == contents.last || cursor == contents.last - 1 || cursor == 0)
                        try queue.close()
                    }
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `a file that is there is not replaced unless that is asked for`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory + "/data") { _ in
                let file = directory + "/backup"
                try Data("precious".utf8).write(to: URL(fileURLWithPath: file))
                let error = await #expect(throws: StoreError.self) {
                    try await BackupTests.backUp(directory + "/data", to: file)
                }
                #expect(error?.reason.contains("--force") == true)
                #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data("precious".utf8))
                _ = try await BackupTests.backUp(directory + "/data", to: file, replaces: true)
                #expect(try Data(contentsOf: URL(fileURLWithPath: file)).count > 4_096)
            }
        }
    }

    @Test func `where there is no store, or no directory to write to, it says so and leaves nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let nothing = await #expect(throws: StoreError.self) {
                try await BackupTests.backUp(directory + "/none", to: directory + "/backup")
            }
            #expect(nothing?.reason.contains("There is no store") == true)
            try await withStore(at: directory + "/data") { _ in
                let nowhere = await #expect(throws: StoreError.self) {
                    try await BackupTests.backUp(directory + "/data", to: directory + "/none/backup")
                }
                #expect(nowhere?.reason.contains("No such file") == true)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["data"])
        }
    }

    @Test func `a damaged event is found, named, and makes no backup`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory + "/data") { store in
                try await BackupTests.fill(store)
                try await store.write { _, database in
                    try database.execute(sql: "UPDATE events SET body = x'00' WHERE position = 17")
                }
                let error = await #expect(throws: StoreError.self) {
                    try await BackupTests.backUp(directory + "/data", to: directory + "/backup")
                }
                #expect(error?.code == .damaged)
                #expect(error?.reason.contains("at the positions 17") == true, "\(error?.reason ?? "")")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["data"])
        }
    }
}
