import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What root makes in the data directory of a service's user.
@Suite(.enabled(if: geteuid() == 0, "Only root can give files to others.")) struct DirectoryOwnerTests {
    private static let user: uid_t = 10_585
    private static let group: gid_t = 10_586

    /// Those that do not belong to the user, each with its path from the directory.
    private static func foreign(in directory: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory).filter { name in
            var status = stat()
            return lstat("\(directory)/\(name)", &status) != 0 || status.st_uid != user || status.st_gid != group
        }
    }

    private static func give(_ directory: String) throws {
        for name in [""] + (try FileManager.default.subpathsOfDirectory(atPath: directory)) {
            try #require(lchown("\(directory)/\(name)", user, group) == 0)
        }
    }

    @Test(arguments: [true, false])
    func `a store restored by root belongs to the owner of its directory`(_ replaces: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let (data, other, file) = (directory + "/data", directory + "/other", directory + "/backup")
            try await withStore(at: other) { _ = try await StoreProbe($0).commit([StoreProbe.event("1")]) }
            _ = try await BackupTests.backUp(other, to: file)
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            if replaces {
                try await withStore(at: data) { _ = try await StoreProbe($0).commit([StoreProbe.event("2")]) }
            }
            try Self.give(data)
            _ = try await Restoration.restore(file, to: data, now: StoreProbe.start) { _ in }
            #expect(try Self.foreign(in: data) == [])
            #expect(FileManager.default.fileExists(atPath: data + "/martlet.sqlite"))
        }
    }

    @Test func `a store repaired by root belongs to the owner of its directory`() async throws {
        try await withTemporaryDirectory { directory in
            try await SampleStore.make(in: directory + "/data")
            try FileManager.default.removeItem(atPath: directory + "/data/lock")
            try Self.give(directory + "/data")
            let report = try await StoreRepair.run(directory: directory + "/data")
            #expect(report.check.isClean)
            #expect(try Self.foreign(in: directory + "/data") == [])
        }
    }

    @Test func `what the server has to see of an unfinished repair it can see`() async throws {
        try await withTemporaryDirectory { directory in
            try Self.give(directory)
            let swap = RepairSwap(StoreFile(directory: directory))
            try swap.begin(room: 0)
            try swap.newFile.makeFiles()
            try swap.ready(movingAsideTo: "damaged-1")
            #expect(try Self.foreign(in: directory) == ["repairing/text.sqlite"], "that one is never moved")
        }
    }

    @Test func `a link that the owner has put there gives nothing away`() async throws {
        try await withTemporaryDirectory { directory in
            let data = directory + "/data"
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            for name in ["soft", "hard"] { try Data().write(to: URL(filePath: "\(directory)/\(name)")) }
            try #require(symlink(directory + "/soft", data + "/lock") == 0)
            try #require(link(directory + "/hard", data + "/martlet.sqlite") == 0)
            try #require(chown(data, Self.user, Self.group) == 0)
            let owner = try #require(DirectoryOwner(of: data))
            #expect(throws: StoreError.self) { try owner.take(data + "/lock") }
            try owner.take(data + "/martlet.sqlite")
            for name in ["soft", "hard"] {
                var status = stat()
                #expect(stat("\(directory)/\(name)", &status) == 0 && status.st_uid == 0)
            }
        }
    }
}
