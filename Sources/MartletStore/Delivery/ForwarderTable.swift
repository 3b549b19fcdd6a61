import GRDB
import Martlet
import MartletPipeline

/// The writer's side of the delivery state: makes the progress of forwarders part of the commit.
struct ForwarderTable {
    private let update: RawStatement
    private let park: RawStatement
    private let unpark: RawStatement

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
    }

    /// Applies what a forwarder has achieved.
    ///
    /// `counts` are deltas and already count the dead letters that are new; of those that leave, each one that was there
    /// is taken from `dead` here, because only the store knows which were.
    func apply(_ progress: ForwarderProgress, on database: Database) throws {
        let id = progress.forwarder.rawValue
        let removed = try remove(progress.removedDeadLetters, of: progress, on: database)
        update.bind(1, id)
        update.bind(2, progress.cursor.rawValue)
        update.bind(3, progress.counts.delivered)
        update.bind(4, progress.counts.filtered)
        update.bind(5, progress.counts.dead - removed)
        update.bind(6, progress.counts.skipped)
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
        for position in progress.unparked {
            unpark.bind(1, id)
            unpark.bind(2, position.rawValue)
            try unpark.run()
        }
        for delivery in progress.parked { try write(delivery, of: id) }
        for letter in progress.deadLetters { try write(letter, of: id, on: database) }
    }

    private func write(_ delivery: ParkedDelivery, of forwarder: Int64) throws {
        park.bind(1, forwarder)
        park.bind(2, delivery.position.rawValue)
        park.bind(3, delivery.lane?.rawValue)
        park.bind(4, delivery.unit?.rawValue)
        park.bind(5, Int64(delivery.attempts))
        park.bind(6, delivery.due.nanoseconds)
        park.bind(7, delivery.reason)
        park.bind(8, delivery.isRedelivery ? 1 : 0)
        park.bind(9, delivery.checksum(of: forwarder))
        try park.run()
    }

    /// Keeps a dead letter with its own copy of the log's row.
    private func write(_ letter: DeadLetterDraft, of forwarder: Int64, on database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO dead_letters(forwarder, reason, attempts, time, checksum, \(EventRow.columns))
                SELECT ?, ?, ?, ?, ?, \(EventRow.columns) FROM events WHERE position = ?
                """,
            arguments: [
                forwarder, letter.reason, letter.attempts, letter.time.nanoseconds, letter.checksum(of: forwarder),
                letter.position.rawValue,
            ]
        )
        guard database.changesCount == 1 else {
            throw StoreError(.failed, "The event at position \(letter.position) is not in the log, and cannot be kept.")
        }
    }

    /// Removes dead letters; those that are to be delivered again go back into the log where retention has removed them.
    ///
    /// - Returns: how many there were.
    private func remove(_ ids: [Int64], of progress: ForwarderProgress, on database: Database) throws -> Int64 {
        var removed: Int64 = 0
        guard !ids.isEmpty else { return removed }
        let redelivered = Set(progress.parked.filter(\.isRedelivery).map(\.position.rawValue))
        for id in ids {
            let letter = try Row.fetchOne(
                database,
                sql: "SELECT position FROM dead_letters WHERE id = ? AND forwarder = ?",
                arguments: [id, progress.forwarder.rawValue]
            )
            guard let letter else { continue }
            if redelivered.contains(letter["position"]) {
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO events(\(EventRow.columns))
                        SELECT \(EventRow.columns) FROM dead_letters WHERE id = ?
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
