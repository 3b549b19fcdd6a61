import GRDB
import MartletPipeline

/// Moves what the write-ahead log holds into the file, on a connection and a queue of its own: no commit waits for it.
///
/// A passive checkpoint goes as far as readers and the writer allow. Under a load that never pauses that is never to the end,
/// and the log would grow; so from a bound on the checkpoint that holds the writer up is made, for the short rest that a
/// passive one has just left.
final class Checkpointer: Sendable {
    /// Pages in the log from which a checkpoint is worth its fsync: 32 MB. The more there are, the more often the same page
    /// is among them and is written once for all.
    private static let worthwhilePages = 8_000

    private let queue: DatabaseQueue
    let logSize: LogSize
    private let maximumPages: Int

    init(path: String, logSize: LogSize, maximumPages: Int) throws {
        var configuration = Configuration()
        configuration.label = "martlet.store.checkpoints"
        // How long the writer is held up at the most, where a reader stays on an old page.
        configuration.busyMode = .timeout(0.1)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        self.logSize = logSize
        self.maximumPages = maximumPages
    }

    /// Makes a checkpoint if there is something to gain.
    ///
    /// - Throws: ``StoreError``; the log is as it was, and holds everything.
    func checkpoint() async throws {
        guard logSize.pages >= min(Checkpointer.worthwhilePages, maximumPages) else { return }
        let maximumPages = maximumPages
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            queue.asyncWriteWithoutTransaction { database in
                do {
                    let pages = try Checkpointer.run("PASSIVE", database)
                    // The file keeps its size, so that writing it again allocates nothing; it is cut at the end.
                    if pages > maximumPages { _ = try Checkpointer.run("RESTART", database) }
                    continuation.resume()
                } catch {
                    continuation.resume(throwing: StoreError.wrapping(error, on: database.sqliteConnection))
                }
            }
        }
    }

    func close() throws { try queue.close() }

    /// - Returns: the pages in the log.
    private static func run(_ mode: String, _ database: Database) throws -> Int {
        try RawStatement(database, "PRAGMA wal_checkpoint(\(mode))").first { Int($0.integer(1)) } ?? 0
    }
}
