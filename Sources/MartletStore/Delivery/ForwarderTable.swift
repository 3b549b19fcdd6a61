import GRDB
import Martlet
import MartletPipeline

/// The writer's side of the delivery state: makes the progress of forwarders part of the commit.
struct ForwarderTable {
    private let update: RawStatement
    private let park: RawStatement
    private let unpark: RawStatement
    private let uncopy: RawStatement

    init(_ database: Database) throws {
        update = try RawStatement(
            keeping: """
                UPDATE forwarders SET cursor = ?2, delivered = delivered + ?3, filtered = filtered + ?4, dead = dead + ?5,
                    skipped = skipped + ?6 WHERE id = ?1
                """,
            on: database
        )
        park = try RawStatement(
            keeping: """
                INSERT OR REPLACE INTO parked(
                    forwarder, position, lane, unit, attempts, due, reason, redelivery, checksum)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            on: database
        )
        unpark = try RawStatement(keeping: "DELETE FROM parked WHERE forwarder = ? AND position = ?", on: database)
        uncopy = try RawStatement(
            keeping: "DELETE FROM event_copies WHERE forwarder = ? AND position = ?",
            on: database
        )
    }

    /// Applies what a forwarder has achieved.
    ///
    /// `counts` are deltas and already count the dead letters that are new; of those that leave, each one that was there
    /// is taken from `dead` here, because only the store knows which were.
    func apply(_ progress: ForwarderProgress, on database: Database) throws {
        let id = progress.forwarder.rawValue
        // Before anything leaves: what is redelivered and dead again may have its only copy in the letter that leaves.
        var lost: Int64 = 0
        for letter in progress.deadLetters where try !write(letter, of: id, on: database) { lost += 1 }
        let removed = try remove(progress.removedDeadLetters, of: progress, on: database)
        update.bind(1, id)
        update.bind(2, progress.cursor.rawValue)
        update.bind(3, progress.counts.delivered)
        update.bind(4, progress.counts.filtered)
        update.bind(5, progress.counts.dead - removed - lost)
        update.bind(6, progress.counts.skipped + lost)
        try update.run()
        if let pause = progress.pause {
            try database.execute(
                sql: "UPDATE forwarders SET pause = ?, pause_reason = ? WHERE id = ?",
                arguments: [pause?.cause.rawValue, pause?.reason, id]
            )
        }
        if let lastError = progress.lastError {
            try database.execute(
                sql: "UPDATE forwarders SET last_error = ? WHERE id = ?",
                arguments: [lastError, id]
            )
        }
        if let resynchronisation = progress.resynchronisation {
            try ResynchronisationSetting.write(resynchronisation, of: id, database)
        }
        for position in progress.unparked {
            for statement in [unpark, uncopy] {
                statement.bind(1, id)
                statement.bind(2, position.rawValue)
                try statement.run()
            }
        }
        for delivery in progress.parked { try write(delivery, of: id) }
    }

    private func write(_ delivery: ParkedDelivery, of forwarder: Int64) throws {
        park.bind(1, forwarder)
        park.bind(2, delivery.position.rawValue)
        park.bind(3, delivery.lane?.rawValue)
        park.bind(4, delivery.unit?.rawValue)
        park.bind(5, Int64(delivery.attempts))
        park.bind(6, delivery.due.nanoseconds)
        park.bind(7, delivery.reason)
        park.bind(8, delivery.mark)
        park.bind(9, delivery.checksum(of: forwarder))
        try park.run()
    }

    /// Keeps a dead letter with its own copy of the event's row: of the log's, or where retention has removed that one, of the
    /// copy that the redelivery came with.
    ///
    /// - Returns: whether there was one to keep; an event that a repair could not save is skipped, because a commit must not
    ///   fail for its sake.
    private func write(_ letter: DeadLetterDraft, of forwarder: Int64, on database: Database) throws -> Bool {
        for table in ["events", "event_copies", "dead_letters"] {
            let owner = table == "events" ? "" : "AND forwarder = :forwarder"
            try database.execute(
                sql: """
                    INSERT INTO dead_letters(forwarder, reason, attempts, time, checksum, \(EventRow.columns))
                    SELECT :forwarder, :reason, :attempts, :time, :checksum, \(EventRow.columns) FROM \(table)
                    WHERE position = :position \(owner) LIMIT 1
                    """,
                arguments: [
                    "forwarder": forwarder, "reason": letter.reason, "attempts": letter.attempts,
                    "time": letter.time.nanoseconds, "checksum": letter.checksum(of: forwarder),
                    "position": letter.position.rawValue,
                ]
            )
            if database.changesCount == 1 { return true }
        }
        return false
    }

    /// Removes dead letters; the rows of those that are to be delivered again stay as copies, for as long as that takes.
    ///
    /// - Returns: how many there were.
    private func remove(_ ids: [Int64], of progress: ForwarderProgress, on database: Database) throws -> Int64 {
        var removed: Int64 = 0
        guard !ids.isEmpty else { return removed }
        let redelivered = Set(progress.parked.filter(\.isRedelivery).map(\.position.rawValue))
        let forwarder = progress.forwarder.rawValue
        for id in ids {
            let letter = try RawStatement(
                database,
                "SELECT position FROM dead_letters WHERE id = ? AND forwarder = ?"
            )
            letter.bind(1, id)
            letter.bind(2, forwarder)
            guard let position = try letter.first({ $0.integer(0) }) else { continue }
            if redelivered.contains(position) {
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO event_copies(forwarder, \(EventRow.columns))
                        SELECT forwarder, \(EventRow.columns) FROM dead_letters WHERE id = ?
                        """,
                    arguments: [id]
                )
            }
            try database.execute(sql: "DELETE FROM dead_letters WHERE id = ?", arguments: [id])
            removed += 1
        }
        return removed
    }
}
