import GRDB
import GRDBSQLite
import MartletPipeline

/// Copies the tables of a store into an empty file.
final class StoreCopier {
    /// Rows copied in one read: some tens of milliseconds.
    private static let step = 5_000

    private let source: DatabaseQueue
    private let target: Database
    private var lastEvent: Int64
    /// The tables of identities that have been copied and do not change any more.
    private var settled: Set<String> = []
    private var copied: Int64 = 0

    init(from source: DatabaseQueue, to target: Database) throws {
        self.source = source
        self.target = target
        lastEvent = try source.read { database in
            let first = try RawStatement(database, "SELECT position FROM events ORDER BY position LIMIT 1")
            return (try first.first { $0.integer(0) } ?? 1) - 1
        }
    }

    /// Copies the events and the older identities, in many short reads.
    func copyWhatStays(_ report: StoreBackup.Report) throws {
        try source.read { try makeTable("events", as: $0) }
        while try copyEvents(report) {}
        let numbers = try source.read {
            try Int64.fetchAll($0, sql: "SELECT number FROM identity_tables ORDER BY number")
        }
        for number in numbers.dropLast() { try copyIdentities("identity_\(number)") }
    }

    /// Copies the rest, in one snapshot.
    func copyWhatChanges(_ report: StoreBackup.Report) throws {
        try source.read { source in
            try copyTail(from: source, report)
            let tables = try StoreCopier.tables(of: source)
            for table in settled where !tables.contains(table) {
                try target.execute(sql: "DROP TABLE IF EXISTS \(table)")
            }
            for table in tables where table != "events" && !settled.contains(table) {
                try makeTable(table, as: source)
                try target.inTransaction {
                    try copyRows(of: table, from: source, to: target)
                    return .commit
                }
            }
            let indexes = try String.fetchAll(
                source,
                sql: "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
            )
            for index in indexes { try target.execute(sql: index) }
            try copySequences(from: source)
            for name in ["application_id", "user_version"] {
                let value = try Int64.fetchOne(source, sql: "PRAGMA \(name)") ?? 0
                try target.execute(sql: "PRAGMA \(name) = \(value)")
            }
        }
    }
}

// MARK: - Events

extension StoreCopier {
    /// Copies the next events.
    ///
    /// - Returns: whether there may be more.
    private func copyEvents(_ report: StoreBackup.Report) throws -> Bool {
        try source.read { source in
            let head = try RawStatement(source, SQLiteEventStore.headQuery).first { $0.integer(0) } ?? 0
            let count = try copyEvents(from: source, limit: StoreCopier.step)
            report(StoreBackup.Progress(phase: .copying, done: copied, total: copied + max(0, head - lastEvent)))
            return count == StoreCopier.step
        }
    }

    /// The events that have come since, without those at the beginning that retention has removed meanwhile.
    private func copyTail(from source: Database, _ report: StoreBackup.Report) throws {
        while try copyEvents(from: source, limit: StoreCopier.step) > 0 {}
        try target.execute(
            sql: "DELETE FROM events WHERE position < ?",
            arguments: [try Int64.fetchOne(source, sql: "SELECT min(position) FROM events") ?? 0]
        )
        report(StoreBackup.Progress(phase: .copying, done: copied, total: copied))
    }

    private func copyEvents(from source: Database, limit: Int) throws -> Int {
        let selection = try RawStatement(source, "SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?")
        selection.bind(1, lastEvent)
        selection.bind(2, Int64(limit))
        var count = 0
        try target.inTransaction {
            count = try copyRows(selection, to: "events") { self.lastEvent = $0.integer(0) }
            return .commit
        }
        copied += Int64(count)
        return count
    }
}

// MARK: - Other tables

extension StoreCopier {
    /// Copies a table of identities that is complete, a step at a time.
    private func copyIdentities(_ table: String) throws {
        var last: (second: Int64, digest: Int64) = (.min, .min)
        var isThere = true
        while isThere {
            let count: Int? = try source.read { source in
                // It may have gone since: the horizon moves on.
                guard try StoreCopier.tables(of: source).contains(table) else { return nil }
                if try !target.tableExists(table) { try makeTable(table, as: source) }
                let selection = try RawStatement(
                    keeping: "SELECT * FROM \(table) WHERE (second, digest) > (?, ?) ORDER BY second, digest LIMIT ?",
                    on: source
                )
                selection.bind(1, last.second)
                selection.bind(2, last.digest)
                selection.bind(3, Int64(StoreCopier.step))
                var count = 0
                try target.inTransaction {
                    count = try copyRows(selection, to: table) { last = ($0.integer(0), $0.integer(1)) }
                    return .commit
                }
                return count
            }
            isThere = count == StoreCopier.step
        }
        settled.insert(table)
    }

    private func copyRows(of table: String, from source: Database, to target: Database) throws {
        _ = try copyRows(try RawStatement(keeping: "SELECT * FROM \(table)", on: source), to: table) { _ in }
    }

    /// Inserts every row that a selection finds.
    private func copyRows(_ selection: RawStatement, to table: String, visit: (RawStatement) -> Void) throws -> Int {
        let columns = sqlite3_column_count(selection.handle)
        let marks = Array(repeating: "?", count: Int(columns)).joined(separator: ", ")
        let insertion = try RawStatement(keeping: "INSERT INTO \(table) VALUES(\(marks))", on: target)
        var count = 0
        try selection.forEach { row in
            for column in 0..<columns {
                sqlite3_bind_value(insertion.handle, column + 1, sqlite3_column_value(row.handle, column))
            }
            try insertion.run()
            visit(row)
            count += 1
            return true
        }
        return count
    }

    /// The last ids that were given: none is given again, though its row has gone.
    private func copySequences(from source: Database) throws {
        try target.execute(sql: "DELETE FROM sqlite_sequence")
        try copyRows(of: "sqlite_sequence", from: source, to: target)
    }

    private func makeTable(_ table: String, as source: Database) throws {
        let sql = try String.fetchOne(
            source,
            sql: "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?",
            arguments: [table]
        )
        guard let sql else { throw StoreError(.damaged, "The store has no table \(table); see `martlet store check`.") }
        try target.execute(sql: sql)
    }

    private static func tables(of source: Database) throws -> [String] {
        try String.fetchAll(
            source,
            sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    }
}
