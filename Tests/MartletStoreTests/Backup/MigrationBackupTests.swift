import Foundation
import GRDB
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// An older layout is copied before it is changed, for the version before to open.
@Suite struct MigrationBackupTests {
    /// A store as the version before left it: the migrations up to the second layout, and some rows.
    private static func makeSecondLayout(in directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let pool = try DatabasePool(path: directory + "/martlet.sqlite")
        try Schema.migrator.migrate(pool, upTo: "2")
        try pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO forwarders(name, start, cursor, dead) VALUES('noc', 0, 2, 0);
                    INSERT INTO events VALUES(1, 1000, 0, 0, 0, 0, x'', x'31'), (2, 2000, 0, 0, 0, 0, x'', x'32');
                    INSERT INTO parked VALUES(1, 2, NULL, NULL, 0, 0, 'redelivered', 1), (1, 1, NULL, NULL, 1, 0, '500', 0);
                    """
            )
        }
        try pool.close()
    }

    private static func number(_ sql: String, in file: String) throws -> Int64 {
        let queue = try DatabaseQueue(path: file)
        let number = try queue.read { try Int64.fetchOne($0, sql: sql) ?? -1 }
        try queue.close()
        return number
    }

    @Test func `the copy is of the old layout with everything in it, and what was is migrated`() async throws {
        try await withTemporaryDirectory { directory in
            try Self.makeSecondLayout(in: directory)
            try await withStore(at: directory) { store in
                #expect(try await store.head() == Position(rawValue: 2))
                // What is being redelivered has its copy now; what is parked otherwise has none.
                let copies = try await store.read { try Int64.fetchAll($0, sql: "SELECT position FROM event_copies") }
                #expect(copies == [2])
            }
            let backup = directory + "/martlet.sqlite.layout-2.backup"
            #expect(try Self.number("PRAGMA user_version", in: backup) == 2)
            #expect(try Self.number("SELECT count(*) FROM events", in: backup) == 2)
            #expect(try Self.number("SELECT count(*) FROM sqlite_master WHERE name = 'event_copies'", in: backup) == 0)
            #expect(try Self.number("PRAGMA user_version", in: directory + "/martlet.sqlite") == StoreFile.version)
            let mode = try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func `the version before opens the copy`() async throws {
        try await withTemporaryDirectory { directory in
            try Self.makeSecondLayout(in: directory)
            try await withStore(at: directory) { _ in }
            let old = try DatabasePool(path: directory + "/martlet.sqlite.layout-2.backup")
            // As that one does it: its migrations are all there, and none is unknown to it.
            let isComplete = try await old.read { database in
                try Schema.migrator.appliedIdentifiers(database) == ["1", "2"]
            }
            #expect(isComplete)
            try old.close()
        }
    }

    @Test func `a store of this layout is not copied`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory) { try await StoreProbe($0).commit([StoreProbe.event("1")]) }
            try await withStore(at: directory) { _ in }
            #expect(
                try !FileManager.default.contentsOfDirectory(atPath: directory).contains { $0.hasSuffix(".backup") }
            )
        }
    }

    @Test func `an interrupted copy is made anew, and what was committed last is in it`() async throws {
        try await withTemporaryDirectory { directory in
            try Self.makeSecondLayout(in: directory)
            let file = directory + "/martlet.sqlite"
            try Data("half".utf8).write(to: URL(fileURLWithPath: file + ".layout-2.backup.partial"))
            // A process that was killed: its last commit is in the write-ahead log alone.
            let other = directory + "/killed"
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
            let queue = try DatabasePool(path: file)
            try await queue.write { try $0.execute(sql: "INSERT INTO events VALUES(3, 3000, 0, 0, 0, 0, x'', x'33')") }
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: file + suffix, toPath: other + "/martlet.sqlite" + suffix)
            }
            try queue.close()
            try await withStore(at: other) { store in
                let head = try await store.head()
                #expect(head == Position(rawValue: 3))
            }
            let backup = other + "/martlet.sqlite.layout-2.backup"
            #expect(try Self.number("SELECT max(position) FROM events", in: backup) == 3)
            try await withStore(at: directory) { _ in }
            #expect(try Self.number("SELECT count(*) FROM events", in: file + ".layout-2.backup") == 3)
        }
    }
}
