import GRDB
import GRDBSQLite
import MartletPipeline

/// Moves what the write-ahead log holds into the file, on a connection and a queue of its own: no commit waits for it.
///
/// A passive checkpoint goes as far as readers and the writer allow. Under a load that never pauses that is never to the end,
/// and the log would grow; so from a bound on the checkpoint that holds the writer up is made, for the short rest that
/// passive ones have just left. It is made on the writer's own connection: one that had to win the lock from a writer that
/// never pauses would wait for long, and the start after a crash with it, which reads the whole log.
final class Checkpointer: Sendable {
    /// Pages in the log from which a checkpoint is worth its fsync: 32 MB. The more there are, the more often the same page
    /// is among them and is written once for all.
    private static let worthwhilePages = 8_000
    /// So few pages are brought to the disk while the writer waits: 2 MB.
    private static let shortRest = 500
    /// How long the writer is held up at the most, where a reader stays on an old page.
    private static let patience = 0.1

    private let queue: DatabaseQueue
    let logSize: LogSize
    private let maximumPages: Int

    init(path: String, logSize: LogSize, maximumPages: Int) throws {
        var configuration = Configuration()
        configuration.label = "martlet.store.checkpoints"
        configuration.busyMode = .timeout(Self.patience)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        self.logSize = logSize
        self.maximumPages = maximumPages
    }

    /// Makes a checkpoint if there is something to gain.
    ///
    /// - Returns: whether the log is to be begun anew: ``restart(on:)``.
    /// - Throws: ``StoreError``; the log is as it was, and holds everything.
    func checkpoint() async throws -> Bool {
        guard logSize.pages >= min(Self.worthwhilePages, maximumPages) else { return false }
        return try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Bool, any Error>) in
            queue.asyncWriteWithoutTransaction { [self] database in
                do {
                    continuation.resume(returning: try shortenRest(database))
                } catch {
                    continuation.resume(throwing: StoreError.wrapping(error, on: database.sqliteConnection))
                }
            }
        }
    }

    /// Begins the log anew, on the writing connection, which waits for it.
    ///
    /// The file keeps its size, so that writing it again allocates nothing; it is cut at the end.
    func restart(on database: Database) throws {
        sqlite3_busy_timeout(database.sqliteConnection, Int32(Self.patience * 1_000))
        defer { sqlite3_busy_timeout(database.sqliteConnection, Int32(SQLiteEventStore.busySeconds * 1_000)) }
        _ = try Self.run("RESTART", database)
    }

    /// Makes passive checkpoints until what came meanwhile is little.
    ///
    /// - Returns: whether the log is past its bound, and can be begun anew without holding the writer up for long. One that
    ///   grows as fast as the disk takes it is let grow, up to twice the bound.
    private func shortenRest(_ database: Database) throws -> Bool {
        var rest = Int.max
        while true {
            let done = try Self.run("PASSIVE", database)
            let pages = logSize.pages
            guard pages > maximumPages else { return false }
            let left = max(0, pages - done)
            if left <= Self.shortRest { return true }
            if left > rest / 2 { return pages > 2 * maximumPages }
            rest = left
        }
    }

    func close() throws { try queue.close() }

    /// - Returns: the pages of the log that are in the file.
    private static func run(_ mode: String, _ database: Database) throws -> Int {
        try RawStatement(database, "PRAGMA wal_checkpoint(\(mode))").first { Int($0.integer(2)) } ?? 0
    }
}
