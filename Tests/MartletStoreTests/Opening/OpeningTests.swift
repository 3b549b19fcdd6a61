import Foundation
import GRDB
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct OpeningTests {
    @Test func `nothing acknowledged is lost when the process is killed`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory + "/data") { store in
                try await StoreProbe(store).commit((1...50).map { StoreProbe.event("\($0)", state: "Running") })
                // What a killed process leaves: the files as they are, nothing of the log moved into the main one.
                try FileManager.default.copyItem(atPath: directory + "/data", toPath: directory + "/killed")
                let log = try await StoreProbe(store).log()
                try await withStore(at: directory + "/killed") { store in
                    #expect(try await StoreProbe(store).log().map(\.event) == log.map(\.event))
                    let again = try await StoreProbe(store).commit([StoreProbe.event("7"), StoreProbe.event("new")])
                    #expect(again.receipts[0].duplicates == 1)
                    #expect(again.head == Position(rawValue: 51))
                    let machine = try await store.resources(type: "VirtualMachine", id: "vm-1", cloud: "prod").first
                    #expect(machine?.latest == Position(rawValue: 51))
                }
            }
        }
    }

    @Test func `a store goes on where it was closed, with one file that holds everything`() async throws {
        try await withTemporaryDirectory { directory in
            var first: [Event] = []
            for round in 0..<3 {
                try await withStore(at: directory) { store in
                    try await StoreProbe(store).commit([StoreProbe.event("", machine: "vm-\(round)")])
                }
                #expect(!FileManager.default.fileExists(atPath: directory + "/martlet.sqlite-wal"))
                let store = try await SQLiteEventStore.open(at: directory, options: .forTests)
                let log = try await StoreProbe(store).log().map(\.event)
                #expect(log.count == round + 1 && log.starts(with: first))
                first = log
                try await store.close()
            }
        }
    }

    @Test func `the directory and the files are readable by nobody else`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory + "/a/b") { store in
                try await StoreProbe(store).commit([StoreProbe.event("1")])
                func mode(_ path: String) throws -> Int? {
                    try FileManager.default.attributesOfItem(atPath: directory + path)[.posixPermissions] as? Int
                }
                #expect(try mode("/a/b") == 0o700)
                for file in try FileManager.default.contentsOfDirectory(atPath: directory + "/a/b") {
                    #expect(try mode("/a/b/" + file) == 0o600, "\(file)")
                }
            }
        }
    }

    @Test func `a second process is refused, with what to do about it`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory) { _ in
                let error = await #expect(throws: StoreError.self) {
                    try await SQLiteEventStore.open(at: directory, options: .forTests)
                }
                #expect(error?.code == .locked)
                #expect(error?.reason.contains("Stop it") == true)
            }
            try await withStore(at: directory) { store in
                let head = try await store.head()
                #expect(head == .zero)
            }
        }
    }

    @Test func `a store of a newer version is refused and left as it is`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory) { try await StoreProbe($0).commit([StoreProbe.event("1")]) }
            let path = directory + "/martlet.sqlite"
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
            try queue.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let error = await #expect(throws: StoreError.self) {
                try await SQLiteEventStore.open(at: directory, options: .forTests)
            }
            #expect(error?.code == .newerVersion)
            #expect(error?.reason.contains("layout 99") == true)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func `somebody else's database is refused and left as it is`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/martlet.sqlite"
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA application_id = 7; CREATE TABLE notes(text)")
            }
            try queue.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let error = await #expect(throws: StoreError.self) {
                try await SQLiteEventStore.open(at: directory, options: .forTests)
            }
            #expect(error?.code == .failed)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func `a file that is no database is damaged, not replaced`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/martlet.sqlite"
            let text = Data(String(repeating: "not a database ", count: 1_000).utf8)
            try text.write(to: URL(fileURLWithPath: path))
            let error = await #expect(throws: StoreError.self) {
                try await SQLiteEventStore.open(at: directory, options: .forTests)
            }
            #expect(error?.code == .damaged)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
    }

    @Test func `an empty file becomes a store of this version`() async throws {
        try await withTemporaryDirectory { directory in
            try Data().write(to: URL(fileURLWithPath: directory + "/martlet.sqlite"))
            try await withStore(at: directory) { store in
                let numbers = try await store.read { database in
                    try ["application_id", "user_version"].map { try Int64.fetchOne(database, sql: "PRAGMA \($0)") }
                }
                #expect(numbers == [StoreFile.applicationID, StoreFile.version])
            }
        }
    }

    @Test func `a closed store refuses instead of crashing`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteEventStore.open(at: directory, options: .forTests)
            try await store.close()
            await #expect(throws: StoreError.self) { try await StoreProbe(store).commit([StoreProbe.event("1")]) }
            await #expect(throws: StoreError.self) { try await store.head() }
        }
    }

    @Test func `two stores never derive the same id`() async throws {
        try await withStore { first in
            try await withStore { second in
                let events = [StoreProbe.event("")]
                let one = try await StoreProbe(first).commit(events).events[0].event.id
                let other = try await StoreProbe(second).commit(events).events[0].event.id
                #expect(one != other)
                #expect(one.wholeMatch(of: /[0-9a-f]{8}-1/) != nil)
            }
        }
    }
}
