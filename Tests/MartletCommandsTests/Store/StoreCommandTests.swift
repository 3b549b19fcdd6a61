import Foundation
import Martlet
import Testing

@testable import MartletCommands
@testable import MartletStore

struct StoreCommandTests {
    private func line(_ done: Int64, _ total: Int64, after seconds: Double, width: Int = 100) -> String {
        StoreProgress.line(
            "b",
            StoreBackup.Progress(phase: .copying, done: done, total: total),
            elapsed: .seconds(seconds),
            width: width
        ).render(inColour: false)
    }

    @Test func `the line shows how far and how long still`() {
        #expect(line(400, 1_000, after: 4) == "b  copying   ━━━━━━━━────────────   40%  400 of 1,000 events  5 s left")
        #expect(line(0, 1_000, after: 0.1) == "b  copying   ────────────────────    0%  0 of 1,000 events")
        #expect(line(0, 0, after: 1) == "b  copying   ━━━━━━━━━━━━━━━━━━━━  100%  0 of 0 events")
    }

    @Test func `a directory without a store is told, with the remedy`() async throws {
        let folder = try TemporaryFolder()
        let result = try await run("store", "backup", folder.path + "/file", "--data", folder.path)
        #expect(result.failure?.message == "There is no store in \(folder.path); say where it is with --data.")
        #expect(result.status == .noInput)
    }

    @Test func `a backup that is not there is told, and nothing is made`() async throws {
        let folder = try TemporaryFolder()
        let (file, data) = (folder.path + "/none", folder.path + "/data")
        let restored = try await run("store", "restore", file, "--data", data)
        #expect(restored.status == .noInput)
        #expect(restored.failure?.message == "There is no file \(file).")
        try "no store".write(toFile: folder.path + "/text", atomically: true, encoding: .utf8)
        #expect(try await run("store", "restore", folder.path + "/text", "--data", data).status == .failed)
        #expect(!FileManager.default.fileExists(atPath: data))
        #expect(try await run("store", "restore", file, "--data", folder.path).status == .noInput)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/lock"))
    }
}
