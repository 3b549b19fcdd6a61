import GRDB
import Martlet
import MartletPipeline

/// Promise 4: tells an event that was delivered again from a new one, within 24 hours of running time.
///
/// Repeated is what has the same cloud, source and id *and* the same content: all four are in the hash, so different content
/// under one id is another identity. A row begins with the second of the event's own time. That is part of the content, and so
/// the same when it comes again; it keeps what comes in together near each other on disk, where the hash alone would
/// touch another page for every event, and it tells which of the tables can have it at all. With the hash's 64 bits
/// it takes billions of events within one second for two of them to be taken for one.
///
/// The tables are a day's hours; each goes as a whole, a step at a time. An hour is an hour of running: what was on the way when
/// Martlet stopped is still known when it starts again.
struct IdentityTables {
    /// Tables kept, the newest included: at least 24 full hours.
    static let count = 25
    static let tableLifetime = Duration.seconds(3_600)
    /// How much running time a crash forgets at the most.
    private static let savingInterval = Duration.seconds(60)

    private struct Table {
        let number: Int64
        /// The seconds that its rows begin with; may be wider than they are, never narrower.
        var seconds: ClosedRange<Int64>?
        let selection: RawStatement
        let insertion: RawStatement
    }

    private var hash: IdentityHash
    /// Oldest first; never empty.
    private var tables: [Table] = []
    /// The numbers of those past the horizon, which nobody looks into any more; they are emptied in small steps.
    private var expired: [Int64] = []
    /// For how long the newest table has been that, and up to when that is counted.
    private var running: Duration
    private var counted: Timestamp
    private var saved: Duration

    init(_ database: Database, key: SipHash.Key, now: Timestamp) throws {
        hash = IdentityHash(key: key)
        var rows: [(number: Int64, running: Int64)] = []
        try RawStatement(database, "SELECT number, running FROM identity_tables ORDER BY number").forEach { row in
            rows.append((row.integer(0), row.integer(1)))
            return true
        }
        running = .nanoseconds(rows.last?.running ?? 0)
        saved = running
        counted = now
        let horizon = (rows.last?.number ?? 0) - Int64(IdentityTables.count)
        expired = rows.map(\.number).filter { $0 <= horizon }
        for row in rows where row.number > horizon { tables.append(try IdentityTables.open(row.number, on: database)) }
        if tables.isEmpty { try database.inTransaction(.immediate) { try makeTable(1, on: database) } }
    }

    /// Begins a new table where the newest has had its hour; the oldest is past the horizon then. A transaction of its
    /// own.
    mutating func rotate(_ database: Database, now: Timestamp) throws {
        // A clock that is set back stands still; one that jumps ahead costs one table at the most.
        running += max(.zero, now - counted)
        counted = now
        if running >= IdentityTables.tableLifetime, let newest = tables.last {
            let kept = tables
            do {
                try database.inTransaction(.immediate) { try advance(past: newest.number, on: database) }
            } catch {
                tables = kept
                throw error
            }
            let numbers = Set(tables.map(\.number))
            expired += kept.map(\.number).filter { !numbers.contains($0) }
            running = .zero
            saved = .zero
        } else if running - saved >= IdentityTables.savingInterval {
            try database.execute(
                sql: "UPDATE identity_tables SET running = ? WHERE number = ?",
                arguments: [running.nanoseconds, tables[tables.count - 1].number]
            )
            saved = running
        }
    }

    /// Remembers an event, or finds the one that it repeats. Part of the commit's transaction.
    ///
    /// - Returns: the position of the event that this one repeats; `nil` for a new one.
    mutating func remember(_ event: Event, at position: Int64) throws -> Int64? {
        let second = IdentityHash.second(of: event)
        let digest = Int64(bitPattern: hash.digest(of: event))
        for index in tables.indices.dropLast() where tables[index].seconds?.contains(second) == true {
            if let known = try IdentityTables.position(second, digest, in: tables[index]) { return known }
        }
        let newest = tables.count - 1
        let insertion = tables[newest].insertion
        insertion.bind(1, second)
        insertion.bind(2, digest)
        insertion.bind(3, position)
        try insertion.run()
        if insertion.changedRows == 0 { return try IdentityTables.position(second, digest, in: tables[newest]) }
        let seconds = tables[newest].seconds ?? second...second
        tables[newest].seconds = min(seconds.lowerBound, second)...max(seconds.upperBound, second)
        return nil
    }

    private static func position(_ second: Int64, _ digest: Int64, in table: Table) throws -> Int64? {
        table.selection.bind(1, second)
        table.selection.bind(2, digest)
        return try table.selection.first { $0.integer(0) }
    }

    /// Rows that leave an expired table in one transaction: a few milliseconds, where dropping an hour of heavy load at once
    /// would hold up the commits for seconds.
    private static let expiryStep = 5_000

    /// Removes a step's worth of what is past the horizon. A transaction of its own.
    ///
    /// - Returns: whether there is more.
    mutating func removeExpired(_ database: Database) throws -> Bool {
        guard let number = expired.first else { return false }
        var isEmpty = false
        try database.inTransaction(.immediate) {
            let name = "identity_\(number)"
            let bound = try RawStatement(
                database,
                "SELECT second, digest FROM \(name) ORDER BY second, digest LIMIT 1 OFFSET \(IdentityTables.expiryStep)"
            ).first { (second: $0.integer(0), digest: $0.integer(1)) }
            if let bound {
                try database.execute(
                    sql: "DELETE FROM \(name) WHERE (second, digest) < (?, ?)",
                    arguments: [bound.second, bound.digest]
                )
            } else {
                try database.execute(sql: "DROP TABLE \(name)")
                try database.execute(sql: "DELETE FROM identity_tables WHERE number = ?", arguments: [number])
                isEmpty = true
            }
            return .commit
        }
        if isEmpty { expired.removeFirst() }
        return !expired.isEmpty
    }

    private mutating func advance(past number: Int64, on database: Database) throws -> Database.TransactionCompletion {
        tables.removeAll { $0.number <= number + 1 - Int64(IdentityTables.count) }
        return try makeTable(number + 1, on: database)
    }

    private mutating func makeTable(_ number: Int64, on database: Database) throws -> Database.TransactionCompletion {
        try database.execute(sql: IdentityTables.creation(of: number))
        try database.execute(
            sql: "INSERT INTO identity_tables(number, running) VALUES(?, 0)",
            arguments: [number]
        )
        tables.append(try IdentityTables.open(number, on: database))
        return .commit
    }

    static func creation(of number: Int64) -> String {
        """
        CREATE TABLE identity_\(number)(
            second INTEGER NOT NULL, digest INTEGER NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY(second, digest)) WITHOUT ROWID
        """
    }

    private static func open(_ number: Int64, on database: Database) throws -> Table {
        let name = "identity_\(number)"
        let first = try RawStatement(database, "SELECT second FROM \(name) ORDER BY second LIMIT 1")
        let last = try RawStatement(database, "SELECT second FROM \(name) ORDER BY second DESC LIMIT 1")
        var seconds: ClosedRange<Int64>?
        if let low = try first.first({ $0.integer(0) }), let high = try last.first({ $0.integer(0) }) {
            seconds = low...high
        }
        return Table(
            number: number,
            seconds: seconds,
            selection: try RawStatement(
                keeping: "SELECT position FROM \(name) WHERE second = ? AND digest = ?",
                on: database
            ),
            insertion: try RawStatement(
                keeping: "INSERT OR IGNORE INTO \(name)(second, digest, position) VALUES(?, ?, ?)",
                on: database
            )
        )
    }
}
