import GRDB
import MartletPipeline

/// The forwarders of a rebuilt store: their numbers are set right, so that events are rather repeated than skipped.
struct RebuiltDelivery {
    private let rebuild: StoreRebuild
    private let database: Database

    /// Rows of events that waited could not be saved.
    private var hasLostParked: Bool

    init(_ rebuild: StoreRebuild, _ database: Database) {
        self.rebuild = rebuild
        self.database = database
        hasLostParked = rebuild.salvage.isDamaged("parked") || rebuild.report.damaged["parked"] != nil
    }

    mutating func run() throws {
        try dropOrphans()
        try countLost()
        var rows: [(id: Int64, name: String, pause: String?, numbers: ForwarderNumbers)] = []
        try RawStatement(database, "SELECT \(ForwarderNumbers.columns), id, name, pause FROM forwarders").forEach {
            row in
            rows.append((row.integer(8), row.text(9), row.optionalText(10), ForwarderNumbers(row)))
            return true
        }
        for row in rows {
            try mend(row.numbers, of: row.id, name: row.name)
            if let pause = row.pause, Pause.Cause(rawValue: pause) == nil {
                try database.execute(
                    sql: "UPDATE forwarders SET pause = ?, pause_reason = ? WHERE id = ?",
                    arguments: [Pause.Cause.requested.rawValue, "It was paused; the reason is lost.", row.id]
                )
                rebuild.report.forwarders.append("\(row.name): it was paused, the reason is lost; it stays paused.")
            }
        }
    }

    /// What belongs to a forwarder that is gone, or waits for an event that is gone.
    private mutating func dropOrphans() throws {
        for sql in [
            "DELETE FROM parked WHERE forwarder NOT IN (SELECT id FROM forwarders)",
            "DELETE FROM parked WHERE redelivery <> 1 AND position NOT IN (SELECT position FROM events)",
            "DELETE FROM dead_letters WHERE forwarder NOT IN (SELECT id FROM forwarders)",
            "DELETE FROM event_copies WHERE forwarder NOT IN (SELECT id FROM forwarders)",
        ] {
            try database.execute(sql: sql)
            if sql.hasPrefix("DELETE FROM parked"), database.changesCount > 0 { hasLostParked = true }
        }
    }

    /// Numbers of forwarders are given one after the other: those that are missing had a record that is lost.
    private func countLost() throws {
        let known = try Int64.fetchAll(database, sql: "SELECT id FROM forwarders ORDER BY id")
        var highest = known.last ?? 0
        var sequences: [String: Int64] = [:]
        if let table = rebuild.salvage.tables["sqlite_sequence"], table > 0 {
            rebuild.salvage.rows(of: "sqlite_sequence") { row in
                guard row.values.count == 2, let name = row.values[0].text, let number = row.values[1].integer else {
                    return false
                }
                if name == "forwarders", number < 1 << 20 { highest = max(highest, number) }
                if number > 0, number < 1 << 40 { sequences[name] = number }
                return true
            }
        }
        for (name, number) in sequences { try keepNumber(number, of: name) }
        let lost = Int(highest) - known.count
        guard lost > 0, rebuild.salvage.isDamaged("forwarders") || rebuild.report.damaged["forwarders"] != nil else {
            return
        }
        try LostForwarders.write(lost, database)
        rebuild.report.forwarders.append(
            """
            The records of \(lost) could not be read. As many names as the store does not know begin at the beginning of the \
            log when they are started next, and repeat what they had delivered.
            """
        )
    }

    /// No number of a dead letter or a quarantined item is given again.
    private func keepNumber(_ number: Int64, of table: String) throws {
        guard ["forwarders", "dead_letters", "quarantine"].contains(table) else { return }
        try database.execute(
            sql: "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?",
            arguments: [number, table]
        )
        if database.changesCount == 0 {
            try database.execute(
                sql: "INSERT INTO sqlite_sequence(name, seq) VALUES(?, ?)",
                arguments: [table, number]
            )
        }
    }

    private func mend(_ numbers: ForwarderNumbers, of id: Int64, name: String) throws {
        guard numbers.flaw(head: rebuild.floor) != nil else { return }
        var mended = numbers
        mended.findPlace(head: rebuild.floor, isParkedDamaged: hasLostParked)
        // What waits behind the place is read again.
        try database.execute(
            sql: "DELETE FROM parked WHERE forwarder = ? AND position > ?",
            arguments: [id, mended.cursor]
        )
        mended.parked =
            try Int64.fetchOne(database, sql: "SELECT count(*) FROM parked WHERE forwarder = ?", arguments: [id]) ?? 0
        mended.balance()
        try database.execute(
            sql: """
                UPDATE forwarders SET start = ?, cursor = ?, delivered = ?, filtered = ?, dead = ?, skipped = ?, checksum = ?
                WHERE id = ?
                """,
            arguments: [
                mended.start, mended.cursor, mended.delivered, mended.filtered, mended.dead, mended.skipped,
                checksum(name, mended.start), id,
            ]
        )
        rebuild.report.forwarders.append(
            """
            \(name): its numbers have been set right. It goes on after position \(mended.cursor) (was \(numbers.cursor)), \
            with \(mended.parked) waiting, \(mended.dead) dead, \(mended.skipped) skipped (was \(numbers.skipped)).
            """
        )
    }

    private func checksum(_ name: String, _ start: Int64) -> Int64 {
        var checksum = RowChecksum(.forwarders)
        checksum.add(name)
        checksum.add(start)
        return checksum.value
    }
}

extension ForwarderNumbers {
    static let columns = """
        start, cursor, delivered, filtered, dead, skipped,
        (SELECT count(*) FROM parked WHERE parked.forwarder = forwarders.id),
        (SELECT count(*) FROM dead_letters WHERE dead_letters.forwarder = forwarders.id)
        """

    /// The numbers of the row that a statement stands on, its columns as ``columns`` names them.
    init(_ row: RawStatement) {
        self.init(
            start: row.integer(0),
            cursor: row.integer(1),
            delivered: row.integer(2),
            filtered: row.integer(3),
            dead: row.integer(4),
            skipped: row.integer(5),
            parked: row.integer(6),
            letters: row.integer(7)
        )
    }

    /// Finds the place to go on from: of two that the numbers allow, the earlier one.
    ///
    /// - Parameter isParkedDamaged: rows of events that waited are lost, so that those are what is missing.
    mutating func findPlace(head: Int64, isParkedDamaged: Bool) {
        start = max(0, min(start, head))
        for path in [\ForwarderNumbers.delivered, \.filtered, \.dead, \.skipped] {
            if self[keyPath: path] < 0 || self[keyPath: path] > head { self[keyPath: path] = 0 }
        }
        let counted = start + concluded
        if cursor < start || cursor > head {
            cursor = max(start, min(counted, head))
        } else if counted < cursor, !isParkedDamaged {
            cursor = counted
        }
        // A letter that is lost is nothing that somebody could decide about any more.
        skipped += max(0, dead - letters)
        dead = letters
    }

    /// Makes them add up: takes what is too much from what tells least, and counts what is missing as skipped.
    mutating func balance() {
        for path in [\ForwarderNumbers.filtered, \.delivered, \.skipped] {
            let surplus = concluded - (cursor - start)
            if surplus > 0 { self[keyPath: path] -= min(surplus, self[keyPath: path]) }
        }
        skipped += max(0, cursor - start - concluded)
    }
}
