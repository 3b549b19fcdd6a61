import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// Damage in the write-ahead log, which SQLite takes for the log's end.
@Suite struct DamagedLogTests {
    /// A copy of a store as a crash leaves it: everything is in the write-ahead log.
    private func crashed(in directory: String) async throws -> DamagedCopy {
        var copy: DamagedCopy?
        let store = try await SQLiteEventStore.open(at: directory + "/data", options: .forTests)
        try await SampleStore.fill(store)
        copy = try DamagedCopy(of: directory + "/data", in: directory)
        try await store.close()
        return try #require(copy)
    }

    @Test func `a log as a crash leaves it is without findings, and read as SQLite reads it`() async throws {
        try await withTemporaryDirectory { directory in
            let copy = try await crashed(in: directory)
            let pages = try PageFile(path: copy.file)
            #expect(pages.log.frameCount > 100 && pages.log.damagedFrames.isEmpty)
            #expect(pages.log.expectedFrames == pages.log.frameCount)
            var count = 0
            Salvage(pages).rows(of: "events") { _ in
                count += 1
                return true
            }
            #expect(count == SampleStore.eventCount)
            let report = try await StoreCheck.run(directory: copy.directory)
            #expect(report.isClean, "\(report.findings)")
        }
    }

    @Test func `a flipped bit in the middle of the log is found, and costs no commit behind it`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededGenerator(seed: 1)
            let original = try await crashed(in: directory)
            let size = try original.size(of: original.file + "-wal")
            for _ in 0..<6 {
                let copy = try DamagedCopy(of: original.directory, in: directory)
                let offset = Int.random(in: 0..<size, using: &random)
                try copy.flip(bit: Int.random(in: 0..<8, using: &random), at: offset, of: copy.file + "-wal")
                let report = try await StoreCheck.run(directory: copy.directory)
                #expect(report.counts[.writeAheadLog] != nil, "at \(offset)")
                let repair = try await StoreRepair.run(directory: copy.directory)
                #expect(repair.check.isClean, "at \(offset): \(repair.check.findings)")
                // The page in the damaged frame is taken as it was before it.
                #expect(repair.lostCount <= 40, "at \(offset): \(repair.lost)")
                try copy.remove()
            }
        }
    }
}
