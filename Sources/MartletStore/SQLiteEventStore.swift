import GRDB
import Logging
import Martlet
package import MartletPipeline
import Synchronization

/// The embedded ``EventStore``: one SQLite file in write-ahead mode, with a text index beside it.
///
/// Everything runs on GRDB's own queues, none of it on the cooperative pool: one serial queue writes, a few read, one makes
/// the checkpoints. A class, and not an actor, because there is nothing to isolate here but the writer, and that is where its
/// connection is; the readers go past it. Layout and reasons: docs/decisions/0001-store-layout.md.
///
/// Whoever opens a store calls ``run()`` beside its use, and ``close()`` at the end.
package final class SQLiteEventStore: EventStore {
    let pool: DatabasePool
    let options: StoreOptions
    let file: StoreFile
    let instance: StoreInstance
    let naming: ResourceNaming
    let fragments = FragmentCache()
    let ledger: DamageLedger
    let textIndex: TextIndex
    let textBacklog: TextBacklog
    let checkpointer: Checkpointer
    /// `nil` while the text index follows the log.
    let textScan = Mutex<TextScan?>(nil)
    /// `nil` once the store is closed.
    private let writer: Mutex<CommitWriter?>
    private let lock: Mutex<DirectoryLock?>

    init(
        pool: DatabasePool,
        options: StoreOptions,
        file: StoreFile,
        instance: StoreInstance,
        naming: ResourceNaming,
        textIndex: TextIndex,
        textBacklog: TextBacklog,
        checkpointer: Checkpointer,
        writer: CommitWriter,
        lock: DirectoryLock
    ) {
        self.pool = pool
        self.options = options
        self.file = file
        self.instance = instance
        self.naming = naming
        ledger = DamageLedger(logger: options.logger)
        self.textIndex = textIndex
        self.textBacklog = textBacklog
        self.checkpointer = checkpointer
        self.writer = Mutex(writer)
        self.lock = Mutex(lock)
    }

    package var instanceID: String { instance.id }

    package func commit(_ group: CommitGroup) async throws -> CommitResult {
        let now = options.time.now
        return try await write { writer, database in
            try writer.rotateIdentities(now: now, on: database)
            return try writer.commit(group, on: database)
        }
    }

    package func sizeInBytes() async throws -> Int64 { file.size() }

    package func setting(_ name: String) async throws -> String? {
        try await read { try StoreSetting.read(name, $0) }
    }

    package func setSetting(_ name: String, to value: String) async throws {
        try await write { _, database in try StoreSetting.write(name, value, database) }
    }

    /// Closes the files and lets go of the directory; what is called later throws. What is under way is finished first.
    package func close() async throws {
        // The writer's statements go before their connection. The log is moved into the file here: the last connection to
        // close is a reader, which cannot.
        try await write { [self] _, database in
            writer.withLock { $0 = nil }
            do {
                try database.checkpoint(.truncate)
            } catch {
                options.logger.warning(
                    "The write-ahead log could not be moved into the file; it stays beside it, and nothing is lost.",
                    metadata: ["error": "\(error)"]
                )
            }
        }
        try await offCooperativePool { [self] in
            try textIndex.close()
            try checkpointer.close()
            try pool.close()
        }
        lock.withLock { $0 = nil }
    }

    /// Reads from one snapshot.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    /// Runs on the writing connection.
    ///
    /// A cancellation of the caller's task changes nothing: a commit that SQLite has made would else be reported as
    /// failed, and what forwarders achieved with it be counted twice.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (CommitWriter, Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncWriteWithoutTransaction { [self] database in
                do {
                    guard let writer = writer.withLock({ $0 }) else {
                        throw StoreError(.failed, "The store has been closed.")
                    }
                    continuation.resume(returning: try body(writer, database))
                } catch {
                    continuation.resume(throwing: StoreError.wrapping(error, on: database.sqliteConnection))
                }
            }
        }
    }
}
