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
        let restored = try await run("store", "restore", folder.path + "/none", "--data", folder.path)
        #expect(restored.status == .failed)
    }
}
