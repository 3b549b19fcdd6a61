import GRDB
import Logging
import Martlet
import MartletPipeline

/// The copy that is made of a store before it is brought to a newer layout, for the version before to open.
///
/// The store is locked and nobody writes, so it is a plain copy of the file, byte by byte.
struct MigrationBackup {
    /// What a disk of no special kind copies in a second; the log says at the end what it was.
    private static let usualBytesPerSecond: Int64 = 200 << 20
    /// Room that is to be left besides the copy.
    private static let reserve: Int64 = 64 << 20
    /// Between two words on how far it has come.
    private static let reportInterval = Duration.seconds(10)

    let file: StoreFile
    let layout: Int64
    let options: StoreOptions

    /// `martlet.sqlite.layout-2.backup`
    var path: String { "\(file.path).layout-\(layout).backup" }

    /// Makes the copy; one of an earlier attempt is replaced when this one is whole.
    ///
    /// - Throws: ``StoreError`` `.full` where there is no room; the store is as it was then, and nothing is migrated.
    func make() throws {
        try moveLogIntoFile()
        let bytes = StoreFile.size(of: file.path)
        try checkRoom(bytes)
        let estimate = max(1, bytes / MigrationBackup.usualBytesPerSecond)
        options.logger.notice(
            "The store is of an older layout: it is copied, and then brought to this one. The copy takes the longest.",
            metadata: [
                "layout": "\(layout)", "new": "\(StoreFile.version)", "backup": "\(path)", "bytes": "\(bytes)",
                "estimated": "about \(estimate) s",
            ]
        )
        let start = options.time.steadyNow
        var lastReport = start
        try OutputFile.make(to: path, replaces: true) { partial in
            try OutputFile.copy(file.path, to: partial) { done in
                let now = options.time.steadyNow
                guard now - lastReport >= MigrationBackup.reportInterval else { return }
                lastReport = now
                let left = Double(bytes - done) / Double(done) * (now - start).inSeconds
                options.logger.notice(
                    "The store is being copied.",
                    metadata: ["percent": "\(done * 100 / max(1, bytes))", "left": "about \(Int(left)) s"]
                )
            }
        }
        options.logger.notice(
            "The store has been copied; the version before opens the copy, renamed to martlet.sqlite.",
            metadata: ["backup": "\(path)", "took": "\((options.time.steadyNow - start).inSeconds) s"]
        )
    }

    /// A process that was killed leaves its last commits in the write-ahead log beside the file.
    private func moveLogIntoFile() throws {
        let queue = try DatabaseQueue(path: file.path)
        try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try queue.close()
        guard StoreFile.size(of: file.path + "-wal") == 0 else {
            throw StoreError(.failed, "\(file.path)-wal is in use by another program; end that one first.")
        }
    }

    private func checkRoom(_ bytes: Int64) throws {
        let free = try StoreFile.freeBytes(in: file.directory)
        guard free < bytes + MigrationBackup.reserve else { return }
        throw StoreError(
            .full,
            """
            The store has to be copied before it is brought to a newer layout, and \(file.directory) has \(free) bytes left of \
            the \(bytes + MigrationBackup.reserve) that takes. Make room, or move the data directory to a larger disk; nothing has \
            been changed, and the version before goes on with it.
            """
        )
    }
}
