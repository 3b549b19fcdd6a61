import Foundation
import GRDB
import Martlet
import MartletPipeline

extension ReplayTable {
    /// Applies what a replay has achieved.
    static func apply(_ progress: ReplayProgress, _ database: Database) throws {
        let (id, delivery) = (progress.replay.rawValue, progress.delivery)
        var missing: Int64 = 0
        for draft in delivery.deadLetters where try !keep(draft, of: id, database) { missing += 1 }
        try database.execute(
            sql: """
                UPDATE replays SET cursor = ?2, delivered = delivered + ?3, filtered = filtered + ?4, dead = dead + ?5,
                    skipped = skipped + ?6 WHERE id = ?1
                """,
            arguments: [
                id, delivery.cursor.rawValue, delivery.counts.delivered, delivery.counts.filtered,
                delivery.counts.dead - missing, delivery.counts.skipped + missing,
            ]
        )
        if let lastError = delivery.lastError {
            try database.execute(sql: "UPDATE replays SET last_error = ? WHERE id = ?", arguments: [lastError, id])
        }
        for position in delivery.unparked {
            try database.execute(
                sql: "DELETE FROM replay_parked WHERE replay = ? AND position = ?",
                arguments: [id, position.rawValue]
            )
        }
        for parked in delivery.parked { try park(parked, of: id, database) }
        // What somebody has decided meanwhile stands.
        if progress.isFinished {
            try database.execute(
                sql: "UPDATE replays SET state = 'finished', ended = ? WHERE id = ? AND state = 'running'",
                arguments: [progress.time.nanoseconds, id]
            )
        } else if let pause = delivery.pause, let pause {
            try database.execute(
                sql:
                    "UPDATE replays SET state = 'paused', pause = ?, pause_reason = ? WHERE id = ? AND state = 'running'",
                arguments: [pause.cause.rawValue, pause.reason, id]
            )
        }
    }

    private static func park(_ delivery: ParkedDelivery, of replay: Int64, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO replay_parked(replay, position, lane, unit, attempts, due, reason)
                VALUES(?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                replay, delivery.position.rawValue, delivery.lane?.rawValue, delivery.unit?.rawValue, delivery.attempts,
                delivery.due.nanoseconds, delivery.reason,
            ]
        )
    }

    /// Keeps an event that failed for good with a copy of the log's row; tells whether it is still there.
    private static func keep(_ draft: DeadLetterDraft, of replay: Int64, _ database: Database) throws -> Bool {
        try database.execute(
            sql: """
                INSERT INTO replay_failures(replay, reason, attempts, time, \(EventRow.columns))
                SELECT ?, ?, ?, ?, \(EventRow.columns) FROM events WHERE position = ?
                """,
            arguments: [replay, draft.reason, draft.attempts, draft.time.nanoseconds, draft.position.rawValue]
        )
        return database.changesCount == 1
    }
}

extension ReplayRecord {
    /// The row of a replay with the number of its parked deliveries.
    init(_ row: Row) throws {
        let (first, last): (Int64, Int64) = (try row.value("first"), try row.value("last"))
        let definition: Data = try row.value("definition")
        self.init(
            id: ReplayID(rawValue: try row.value("id")),
            draft: ReplayDraft(
                definition: Array(definition),
                forwarder: try row.optional("forwarder"),
                sink: try row.value("sink"),
                range: Position(rawValue: first)...Position(rawValue: max(first, last)),
                rate: try row.optional("rate"),
                note: try row.optional("note"),
                created: Timestamp(nanoseconds: try row.value("created"))
            )
        )
        // A word that this version does not know is of no state that runs.
        state = ReplayState(rawValue: try row.value("state")) ?? .paused
        cursor = Position(rawValue: try row.value("cursor"))
        counts = try DeliveryCounts(row)
        parked = try row.value("parked")
        pause = try Pause(row)
        lastError = try row.optional("last_error")
        ended = (try row.optional("ended") as Int64?).map(Timestamp.init(nanoseconds:))
    }
}
