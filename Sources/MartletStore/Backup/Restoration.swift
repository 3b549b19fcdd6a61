import GRDB
import Logging
package import Martlet
import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Puts a backup in the place of a store.
package struct Restoration: Sendable {
    /// What was restored, and where what was there is now.
    package struct Result: Sendable, Hashable {
        package var contents: StoreBackup.Contents
        /// `nil` where there was nothing.
        package var previous: String?
    }

    /// Checks a backup, keeps what is in the directory aside and puts the backup there.
    ///
    /// The text index is made anew by the next start. That start begins a new generation of ids, because it will give positions
    /// again that the store has given after the backup.
    ///
    /// - Throws: ``StoreError``: `.absent` where there is no backup, `.locked` where a server runs there, `.damaged` where the backup is; everything is as it was then.
    package static func restore(
        _ backup: String,
        to directory: String,
        now: Timestamp,
        report: @escaping StoreBackup.Report
    ) async throws -> Result {
        do {
            return try await offCooperativePool {
                let file = StoreFile(directory: directory)
                guard access(backup, F_OK) == 0 else { throw StoreError(.absent, "There is no file \(backup).") }
                // Nothing is made for a backup that is none.
                let early = access(directory, F_OK) == 0 ? nil : try StoreVerification.check(backup, report)
                try file.makeDirectory()
                let lock = try DirectoryLock(directory: directory)
                defer { withExtendedLifetime(lock) {} }
                let owner = DirectoryOwner(of: directory)
                try owner?.take(directory + "/lock")
                try RepairSwap(file).requireFinished()
                let contents = try early ?? StoreVerification.check(backup, report)
                let free = try StoreFile.freeBytes(in: directory)
                guard free > contents.bytes else {
                    throw StoreError(
                        .full,
                        "\(directory) has \(free) bytes left, and the backup has \(contents.bytes)."
                    )
                }
                let previous = try place(backup, file, owner, now)
                for suffix in ["", "-wal", "-shm"] { unlink(file.textPath + suffix) }
                return Result(contents: contents, previous: previous)
            }
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    /// - Returns: where the store that was there is now.
    private static func place(
        _ backup: String,
        _ file: StoreFile,
        _ owner: DirectoryOwner?,
        _ now: Timestamp
    ) throws -> String? {
        let next = file.path + ".restoring"
        var previous: String?
        try OutputFile.make(to: next, replaces: true) { partial in
            try OutputFile.copy(backup, to: partial) { _ in }
            // A plain copy of a store may have its last commits in the log beside it; `mark` moves them into the file.
            if StoreFile.size(of: backup + "-wal") > 0 {
                try StoreFile.touch(partial + "-wal")
                try OutputFile.copy(backup + "-wal", to: partial + "-wal") { _ in }
            }
            try mark(partial, now)
            try owner?.take(partial)
        }
        do {
            previous = try setAside(file, now)
            guard rename(next, file.path) == 0 else { throw OutputFile.failure("renamed to \(file.path)", next) }
        } catch {
            unlink(next)
            throw error
        }
        try OutputFile.synchronize(directoryOf: file.path)
        return previous
    }

    /// Makes a plain copy of a store a backup, too.
    private static func mark(_ path: String, _ now: Timestamp) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            // One file, whatever it was: no log beside it.
            try database.execute(sql: "PRAGMA journal_mode = DELETE")
            try database.execute(
                sql: "INSERT OR IGNORE INTO settings(name, value) VALUES(?, ?)",
                arguments: [StoreBackup.mark, now.description]
            )
        }
        try queue.close()
    }

    /// Gives what is there another name.
    ///
    /// The name `martlet.sqlite` is never free meanwhile: a server that starts then must not find nothing and begin anew.
    private static func setAside(_ file: StoreFile, _ now: Timestamp) throws -> String? {
        guard StoreFile.size(of: file.path) > 0 else { return nil }
        // To the second: `20260130T113835`.
        let stamp = now.description.filter { $0.isLetter || $0.isNumber }.prefix(15)
        let aside = "\(file.path).before-restore-\(stamp)"
        try emptyLog(of: file)
        for suffix in ["-wal", "-shm"] where access(file.path + suffix, F_OK) == 0 {
            guard rename(file.path + suffix, aside + suffix) == 0 else {
                throw OutputFile.failure("renamed", file.path + suffix)
            }
        }
        guard link(file.path, aside) == 0 else { throw OutputFile.failure("kept as \(aside)", file.path) }
        return aside
    }

    /// Moves the write-ahead log into the file where that can still be done; else it is kept beside it.
    private static func emptyLog(of file: StoreFile) throws {
        do {
            let queue = try DatabaseQueue(path: file.path)
            try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            try queue.close()
        } catch let error as DatabaseError {
            // What is damaged or somebody else's is set aside as it is; one that is being read is waited for.
            guard [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) else { throw error }
        }
    }
}

// MARK: - The first opening

extension Restoration {
    /// Begins a new generation of ids in a store that is a backup: positions after its last one have been given before, to
    /// events that are not there any more, and consumers know those by their ids.
    static func beginGeneration(_ database: Database, _ options: StoreOptions) throws {
        let mark = try String.fetchOne(
            database,
            sql: "SELECT value FROM settings WHERE name = ?",
            arguments: [StoreBackup.mark]
        )
        guard let mark else { return }
        let head = try Int64.fetchOne(database, sql: SQLiteEventStore.headQuery) ?? 0
        var random = SystemRandomNumberGenerator()
        try database.inTransaction(.immediate) {
            try database.execute(
                sql: "INSERT OR REPLACE INTO generations(first, instance) VALUES(?, ?)",
                arguments: [head + 1, Int64(UInt32.random(in: 0...UInt32.max, using: &random))]
            )
            try database.execute(sql: "DELETE FROM settings WHERE name = ?", arguments: [StoreBackup.mark])
            return .commit
        }
        options.logger.warning(
            "The store has been restored: what was committed after the backup is not here, and its positions are given again.",
            metadata: ["backup": "\(mark)", "head": "\(head)"]
        )
    }
}
