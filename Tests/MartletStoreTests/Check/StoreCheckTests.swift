import Foundation
import GRDB
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

@Suite struct StoreCheckTests {
    @Test func `a store as it was written is without findings, open or closed`() async throws {
        try await withTemporaryDirectory { directory in
            try await withStore(at: directory + "/data") { store in
                try await SampleStore.fill(store)
                let report = try await StoreCheck.run(directory: directory + "/data")
                #expect(report.counts.isEmpty, "\(report.findings)")
                #expect(report.rows["events"] == SampleStore.eventCount)
            }
            let report = try await StoreCheck.run(directory: directory + "/data")
            #expect(report.counts.isEmpty, "\(report.findings)")
            #expect(report.first == 1 && report.last == Int64(SampleStore.eventCount))
            #expect(report.uncheckedRows == 0)
        }
    }

    @Test func `a directory without a store is told`() async throws {
        try await withTemporaryDirectory { directory in
            let error = await #expect(throws: StoreError.self) { try await StoreCheck.run(directory: directory) }
            #expect(error?.reason.contains("no store") == true)
            let made = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(made.isEmpty, "nothing is made")
        }
    }

    /// What one statement changes, and the part of the report that must tell.
    struct Change: Sendable, CustomTestStringConvertible {
        let sql: String
        let part: StoreReport.Part
        var testDescription: String { sql }
    }

    static let changes: [Change] = [
        Change(sql: "UPDATE events SET body = 'other' WHERE position = 17", part: .events),
        Change(sql: "DELETE FROM events WHERE position = 17", part: .missingEvents),
        Change(sql: "UPDATE fragments SET content = x'00' WHERE id = 1", part: .fragments),
        Change(sql: "DELETE FROM fragment_copies WHERE id = 1", part: .fragments),
        Change(sql: "UPDATE store SET seed_low = seed_low + 1", part: .identity),
        Change(sql: "UPDATE resources SET document = '{}' WHERE id = 'vm-3'", part: .resources),
        Change(sql: "UPDATE resources SET state = 'Gone' WHERE id = 'vm-3'", part: .resources),
        Change(sql: "UPDATE resources SET latest = latest - 1 WHERE id = 'vm-3'", part: .timelines),
        Change(sql: "DELETE FROM resources WHERE id = 'vm-3'", part: .resources),
        Change(sql: "DELETE FROM clouds", part: .resources),
        Change(sql: "UPDATE forwarders SET delivered = delivered + 1 WHERE id = 1", part: .forwarders),
        Change(sql: "UPDATE forwarders SET cursor = cursor - 8 WHERE id = 1", part: .forwarders),
        Change(sql: "UPDATE forwarders SET name = 'billinh' WHERE id = 1", part: .forwarders),
        Change(sql: "UPDATE forwarders SET pause = 'requestee' WHERE id = 1", part: .forwarders),
        Change(sql: "UPDATE parked SET due = due + 65536 WHERE position = 290", part: .parked),
        Change(sql: "DELETE FROM parked WHERE position = 290", part: .forwarders),
        Change(sql: "UPDATE dead_letters SET body = 'x' WHERE id = 1", part: .deadLetters),
        Change(sql: "UPDATE dead_letters SET reason = 'x' WHERE id = 1", part: .deadLetters),
        Change(sql: "DELETE FROM dead_letters WHERE id = 1", part: .forwarders),
        Change(sql: "UPDATE quarantine SET bytes = 'x' WHERE id = 1", part: .quarantine),
        Change(sql: "UPDATE checkpoints SET value = '9'", part: .checkpoints),
        Change(sql: "UPDATE settings SET value = 'x'", part: .settings),
        Change(sql: "UPDATE identity_1 SET position = position + 1 WHERE position = 20", part: .identities),
        Change(sql: "UPDATE identity_1 SET digest = digest + 1 WHERE position = 20", part: .identities),
    ]

    @Test func `whatever is changed behind the store's back is found, and where it is`() async throws {
        try await withTemporaryDirectory { directory in
            try await SampleStore.make(in: directory + "/data")
            for change in StoreCheckTests.changes {
                let copy = try DamagedCopy(of: directory + "/data", in: directory)
                let queue = try DatabaseQueue(path: copy.file)
                try await queue.write { try $0.execute(sql: change.sql) }
                try queue.close()
                let report = try await StoreCheck.run(directory: copy.directory)
                #expect(report.counts[change.part, default: 0] > 0, "\(change.sql): \(report.findings)")
                try copy.remove()
            }
        }
    }

    @Test func `a repair makes whatever was changed a store without findings`() async throws {
        try await withTemporaryDirectory { directory in
            try await SampleStore.make(in: directory + "/data")
            for change in StoreCheckTests.changes {
                let copy = try DamagedCopy(of: directory + "/data", in: directory)
                let queue = try DatabaseQueue(path: copy.file)
                try await queue.write { try $0.execute(sql: change.sql) }
                try queue.close()
                let repair = try await StoreRepair.run(directory: copy.directory)
                #expect(repair.check.isClean, "\(change.sql): \(repair.check.findings)")
                let report = try await StoreCheck.run(directory: copy.directory)
                #expect(report.isClean, "\(change.sql): \(report.findings)")
                try copy.remove()
            }
        }
    }
}
