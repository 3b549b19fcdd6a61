import GRDB
import GRDBSQLite
import Martlet
import MartletPipeline

extension SQLiteEventStore {
    /// Opens the store in a data directory, and makes both where they are not there yet.
    ///
    /// - Parameter lock: the directory's, where it has been taken already.
    /// - Throws: ``StoreError``: `.locked` where another process has it, `.unsafePlace` on a network's file system, `.newerVersion` where a newer Martlet wrote it (it
    ///   is left untouched then), `.damaged`, `.full`, `.inputOutput`.
    package static func open(
        at directory: String,
        options: StoreOptions = StoreOptions(),
        lock: DirectoryLock? = nil
    ) async throws -> SQLiteEventStore {
        do {
            return try await offCooperativePool { try make(StoreFile(directory: directory), options, lock) }
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    private static func make(_ file: StoreFile, _ options: StoreOptions, _ lock: DirectoryLock?) throws
        -> SQLiteEventStore
    {
        try file.makeDirectory()
        try file.checkPlace(options.fileSystemType)
        let lock = try lock ?? DirectoryLock(directory: file.directory)
        try RepairSwap(file).requireFinished()
        try file.makeFiles()
        if let layout = try file.inspect(), layout < StoreFile.version {
            try MigrationBackup(file: file, layout: layout, options: options).make()
        }
        // Before SQLite has the file open: closing any descriptor of a file lets go of all locks that the process has on it, and
        // without its own SQLite would let another program remove the write-ahead log under it.
        let tellsVersion = file.tellsVersion()
        let pool = try DatabasePool(path: file.path, configuration: configuration(options))
        try Schema.migrator.migrate(pool)
        let logSize = LogSize()
        let (writer, instance, naming) = try pool.writeWithoutTransaction { database in
            try prepare(database, tellsVersion, options, logSize)
            try Restoration.beginGeneration(database, options)
            try RemovedBeginning.establish(database)
            let instance = try StoreInstance(database)
            let naming = ResourceNaming(key: instance.hashKey, substitute: options.resourceHash)
            return (
                try CommitWriter(database, instance: instance, naming: naming, options: options), instance, naming
            )
        }
        return SQLiteEventStore(
            pool: pool,
            options: options,
            file: file,
            instance: instance,
            naming: naming,
            textIndex: try TextIndex(path: file.textPath, instance: instance, logger: options.logger),
            textBacklog: writer.textBacklog,
            checkpointer: try Checkpointer(
                path: file.path,
                logSize: logSize,
                maximumPages: options.maximumLogPages
            ),
            writer: writer,
            lock: lock
        )
    }

    private static func configuration(_ options: StoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.label = "martlet.store"
        configuration.busyMode = .timeout(busySeconds)
        configuration.maximumReaderCount = options.readers
        configuration.prepareDatabase { database in
            if database.configuration.readonly {
                try database.execute(sql: "PRAGMA cache_size = -2048")
            } else {
                try database.execute(
                    sql: """
                        PRAGMA page_size = \(pageSize);
                        PRAGMA cache_size = -\(options.writerCacheBytes >> 10);
                        PRAGMA temp_store = MEMORY
                        """
                )
                // Debian's SQLite overwrites what is deleted, on disk, unless told that nothing secret lies there (promise 9).
                _ = try Int.fetchOne(database, sql: "PRAGMA secure_delete = OFF")
            }
        }
        return configuration
    }

    private static let pageSize = 4_096
    /// How long a connection waits for a lock.
    static let busySeconds = 5.0

    /// Sets how the writing connection commits.
    private static func prepare(
        _ database: Database,
        _ tellsVersion: Bool,
        _ options: StoreOptions,
        _ logSize: LogSize
    ) throws {
        // The version is in the file itself, where a Martlet of another version looks before it touches anything. After a
        // crash it is there, and what else is in the write-ahead log waits for the next checkpoint.
        if !tellsVersion { try database.checkpoint(.truncate) }
        try database.execute(sql: "PRAGMA synchronous = \(options.durability.rawValue)")
        if let pages = options.maximumPages {
            _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pages)")
        }
        // Installing the hook switches SQLite's own checkpoints off, which run on the committing thread.
        logSize.watch(database.sqliteConnection)
    }
}

extension StoreInstance {
    /// Reads what was drawn when the store was made.
    init(_ database: Database) throws {
        let read = try RawStatement(database, "SELECT instance, seed_low, seed_high FROM store").first { row in
            StoreInstance(
                generations: [Generation(first: 0, number: UInt32(truncatingIfNeeded: row.integer(0)))],
                hashKey: SipHash.Key(
                    low: UInt64(bitPattern: row.integer(1)),
                    high: UInt64(bitPattern: row.integer(2))
                )
            )
        }
        guard var read else {
            throw StoreError(
                .damaged,
                "The store has lost its identity. Run `martlet store repair`, or restore a backup."
            )
        }
        try RawStatement(database, "SELECT first, instance FROM generations ORDER BY first").forEach { row in
            let number = UInt32(truncatingIfNeeded: row.integer(1))
            read.generations.append(Generation(first: row.integer(0), number: number))
            return true
        }
        self = read
    }
}
