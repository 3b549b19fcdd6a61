import Foundation
import GRDB
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct FullDiskTests {
    @Test func `a commit that finds no space stores nothing of its group, and succeeds when there is space`()
        async throws
    {
        var options = StoreOptions.forTests
        options.maximumPages = 80
        try await withStore(options: options) { store in
            try await FullDiskTests.fill(store) {
                try await store.write { _, database in
                    try database.execute(sql: "PRAGMA max_page_count = 100000")
                }
            }
        }
    }

    @Test(.enabled("mounting needs root") { TinyFileSystem.isAvailable })
    func `a full file system stores nothing of the group, and the same commit succeeds when there is space`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            let system = try TinyFileSystem(at: directory + "/tiny", megabytes: 3)
            defer { system.unmount() }
            let ballast = directory + "/tiny/ballast"
            try Data(count: 1 << 20).write(to: URL(fileURLWithPath: ballast))
            try await withStore(at: directory + "/tiny/data") { store in
                try await FullDiskTests.fill(store) { try FileManager.default.removeItem(atPath: ballast) }
            }
        }
    }

    /// Commits until there is no space, and once more after there is.
    private static func fill(_ store: SQLiteEventStore, makeSpace: () async throws -> Void) async throws {
        let probe = StoreProbe(store)
        let pad = String(repeating: "x", count: 2_000)
        func group(_ round: Int) -> [Event] {
            (0..<20).map { number in
                StoreProbe.event(
                    "\(round)-\(number)",
                    machine: "vm-\(number)",
                    state: "State\(round)",
                    content: #"{"pad":"\#(pad)"}"#
                ).with { $0.type = "type-\(round)" }
            }
        }
        var round = 0
        var failure: (any Error)?
        while failure == nil, round < 500 {
            do {
                try await probe.commit(group(round))
                round += 1
            } catch { failure = error }
        }
        try #require((failure as? StoreError)?.code == .full, "\(String(describing: failure))")
        // Reading goes on, and nothing of the failed group is to be seen: neither events nor states nor identities.
        #expect(try await store.head() == Position(rawValue: Int64(round * 20)))
        #expect(try await probe.log().count == round * 20)
        try await makeSpace()
        let result = try await probe.commit(group(round + 1))
        #expect(result.events.first?.position == Position(rawValue: Int64(round * 20 + 1)))
        let again = try await probe.commit(group(round))
        #expect(again.receipts[0].accepted == 20)
        #expect(
            try await probe.log().map(\.event.type).suffix(40) == Array(repeating: "type-\(round + 1)", count: 20)
                + Array(repeating: "type-\(round)", count: 20)
        )
        let line = try await store.timeline(of: try #require(again.events[3].resourceKey), before: nil, limit: .max)
        #expect(line.count == round + 2)
    }
}

/// A file system in memory, small enough to be filled.
private struct TinyFileSystem {
    let path: String

    static var isAvailable: Bool {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-mount-\(UUID())").path
        guard let system = try? TinyFileSystem(at: path, megabytes: 1) else { return false }
        system.unmount()
        return (try? FileManager.default.removeItem(atPath: path)) != nil
    }

    struct NotMounted: Error {}

    init(at path: String, megabytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else { throw NotMounted() }
    }

    func unmount() { umount2(path, Int32(MNT_DETACH)) }
}
