import Foundation
import GRDB
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// Whole pages of a store's file written over: what is on the others is saved.
@Suite struct DestroyedPageTests {
    /// The first page of a table's tree.
    private func root(of table: String, in path: String) throws -> Int {
        let salvage = Salvage(try PageFile(path: path))
        return try #require(salvage.tables[table])
    }

    @Test func `when the root of the log is destroyed every event is saved`() async throws {
        try await withTemporaryDirectory { directory in
            try await SampleStore.make(in: directory + "/data")
            let copy = try DamagedCopy(of: directory + "/data", in: directory)
            let original = try await DamagedCopy(of: directory + "/data", in: directory).contents()
            try copy.overwrite(page: try root(of: "events", in: copy.file))
            let check = try await StoreCheck.run(directory: copy.directory)
            #expect(check.counts[.file] != nil)
            let report = try await StoreRepair.run(directory: copy.directory)
            #expect(report.lost.isEmpty && report.check.isClean, "\(report.check.findings)")
            #expect(report.strayEvents == SampleStore.eventCount)
            let contents = try await copy.contents()
            #expect(contents.events == original.events)
        }
    }

    @Test func `when the head of the file is destroyed what proves itself is saved`() async throws {
        try await withTemporaryDirectory { directory in
            try await SampleStore.make(in: directory + "/data")
            let copy = try DamagedCopy(of: directory + "/data", in: directory)
            let original = try await DamagedCopy(of: directory + "/data", in: directory).contents()
            try copy.overwrite(page: 1)
            let report = try await StoreRepair.run(directory: copy.directory)
            #expect(report.lost.isEmpty && report.check.isClean, "\(report.lost) \(report.check.findings)")
            let contents = try await copy.contents()
            #expect(contents.events == original.events)
            #expect(contents.resources == original.resources)
            #expect(contents.timelines == original.timelines)
            #expect(contents.forwarders.mapValues(\.counts) == original.forwarders.mapValues(\.counts))
        }
    }

    @Test func `whatever page is destroyed, the rows of the others are saved and the numbers add up`() async throws {
        try await withTemporaryDirectory { directory in
            try await SampleStore.make(in: directory + "/data")
            let original = try await DamagedCopy(of: directory + "/data", in: directory).contents()
            let pages = try DamagedCopy(of: directory + "/data", in: directory).size() / PageFile.pageSize
            // Every page in a soak, some of them else.
            let step = Soak.isOn ? 1 : max(1, pages / 20)
            for page in stride(from: 2, through: pages, by: step) {
                let copy = try DamagedCopy(of: directory + "/data", in: directory)
                try copy.overwrite(page: page)
                let report = try await StoreRepair.run(directory: copy.directory)
                #expect(report.check.isClean, "page \(page): \(report.check.findings)")
                let contents = try await copy.contents()
                let lost = Set(original.events.keys).subtracting(contents.events.keys)
                #expect(lost.count <= 40, "page \(page): more than a page holds: \(lost.count)")
                #expect(report.lostCount == Int64(lost.count), "page \(page)")
                for (position, event) in contents.events {
                    #expect(event == original.events[position], "page \(page): position \(position)")
                }
                for (id, line) in original.timelines {
                    #expect(contents.timelines[id] == line.filter { !lost.contains($0) }, "page \(page): \(id)")
                }
                for status in contents.forwarders.values {
                    let counts = status.counts
                    let sum = counts.delivered + counts.filtered + counts.dead + counts.skipped + status.pending
                    #expect(sum == status.committed, "page \(page): \(status.name)")
                }
                try copy.remove()
            }
        }
    }

    @Test func `a forwarder whose record is destroyed begins at the beginning, not at the end`() async throws {
        try await withTemporaryDirectory { directory in
            try await SampleStore.make(in: directory + "/data")
            let copy = try DamagedCopy(of: directory + "/data", in: directory)
            try copy.overwrite(page: try root(of: "forwarders", in: copy.file))
            let report = try await StoreRepair.run(directory: copy.directory)
            #expect(
                report.forwarders.contains { $0.contains("The records of 2 could not be read") },
                "\(report.forwarders)"
            )
            try await withStore(at: copy.directory) { store in
                let head = try await store.head()
                for name in SampleStore.forwarders {
                    let record = try await store.openForwarder(name: name, start: head)
                    #expect(record.start == .zero)
                }
                // Names beyond those that were lost are new.
                let new = try await store.openForwarder(name: "new", start: head)
                #expect(new.start == head)
            }
        }
    }

    @Test func `no position is given a second time, though the last events are lost`() async throws {
        try await withTemporaryDirectory { directory in
            try await SampleStore.make(in: directory + "/data")
            let copy = try DamagedCopy(of: directory + "/data", in: directory)
            try await withStore(at: copy.directory) { store in
                try await store.write { _, database in
                    try database.execute(sql: "DELETE FROM events WHERE position > 380")
                }
            }
            let report = try await StoreRepair.run(directory: copy.directory)
            #expect(report.lost == [381...400], "what is known by its identity alone: \(report.lost)")
            try await withStore(at: copy.directory) { store in
                let receipt = try await StoreProbe(store).commit([StoreProbe.event("new")]).receipts[0]
                #expect(receipt.lastPosition == Position(rawValue: 402), "the repair's own alert is at 401")
            }
        }
    }
}
