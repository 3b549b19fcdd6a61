import GRDB
package import Martlet
import MartletPipeline

/// A copy of a store in one file, made while a server writes to it.
///
/// Copied row by row, and not page by page, because a snapshot of the whole would have to be held for as long as the copy takes,
/// and the write-ahead log grows for as long as one is held. Events never change once they are written, nor does a table of
/// identities that is no longer the newest one: these, nearly all of a large store, are copied in many short reads. What does
/// change (the resources, the delivery state, the newest identities) and the events that have come meanwhile are copied last, in one
/// snapshot, which is what the backup is a backup of.
package struct StoreBackup: Sendable {
    /// How far it has come.
    package struct Progress: Sendable, Hashable {
        package enum Phase: String, Sendable {
            case copying, checking
        }

        package var phase: Phase
        /// Events done, of how many.
        package var done: Int64
        package var total: Int64
    }

    /// What a backup holds.
    package struct Contents: Sendable, Hashable {
        package var events: Int64
        /// The first and the last position; zero both where there is no event.
        package var first: Int64
        package var last: Int64
        package var resources: Int64
        package var layout: Int64
        package var bytes: Int64
    }

    package typealias Report = @Sendable (Progress) -> Void

    /// The name in `settings` by which a store knows that it is a backup: the first to open it begins a new generation of ids.
    static let mark = "backup"

    /// Makes a backup, and checks it.
    ///
    /// It is written under another name beside `file` and gets its own when it is on disk and has been found sound, so that what
    /// has the name is whole.
    ///
    /// - Parameter replaces: whether a file of this name is replaced.
    /// - Throws: ``StoreError``: `.absent` where there is no store, `.failed` where the file is there already, or is one of the
    ///   store's own.
    package static func make(
        of directory: String,
        to file: String,
        replaces: Bool,
        now: Timestamp,
        report: @escaping Report
    ) async throws -> Contents {
        do {
            return try await offCooperativePool {
                let store = StoreFile(directory: directory)
                guard !store.includes(file) else {
                    throw StoreError(
                        .failed,
                        "\(file) is a file of the store itself, which a backup there would destroy. Name another one."
                    )
                }
                return try OutputFile.make(to: file, replaces: replaces) { partial in
                    try copy(store, to: partial, now: now, report)
                    return try StoreVerification.check(partial, report)
                }
            }
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    private static func copy(_ store: StoreFile, to file: String, now: Timestamp, _ report: Report) throws {
        guard StoreFile.size(of: store.path) > 0 else {
            throw StoreError(.absent, "There is no store in \(store.directory); say where it is with --data.")
        }
        _ = try StoreFile.inspect(store.path)
        var reading = Configuration()
        reading.label = "martlet.backup.source"
        reading.readonly = true
        reading.busyMode = .timeout(5)
        let source = try DatabaseQueue(path: store.path, configuration: reading)
        var writing = Configuration()
        writing.label = "martlet.backup.target"
        let target = try DatabaseQueue(path: file, configuration: writing)
        try target.writeWithoutTransaction { target in
            // Nobody else has it, and what does not come to its end is thrown away: no journal.
            try target.execute(
                sql: """
                    PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
                    PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384
                    """
            )
            let copier = try StoreCopier(from: source, to: target)
            try copier.copyWhatStays(report)
            try copier.copyWhatChanges(report)
            try target.execute(
                sql: "INSERT OR REPLACE INTO settings(name, value) VALUES(?, ?)",
                arguments: [mark, now.description]
            )
        }
        try target.close()
        try source.close()
    }
}
