import Foundation
import GRDB
import Martlet
import MartletPipeline

/// The replays' rows, read and written within the transaction of the caller.
enum ReplayTable {
    static func insert(_ draft: ReplayDraft, _ database: Database) throws -> ReplayRecord {
        try database.execute(
            sql: """
                INSERT INTO replays(definition, forwarder, sink, first, last, rate, note, created, state, cursor)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, 'running', ?)
                """,
            arguments: [
                Data(draft.definition), draft.forwarder, draft.sink, draft.range.lowerBound.rawValue,
                draft.range.upperBound.rawValue, draft.rate, draft.note, draft.created.nanoseconds,
                draft.range.lowerBound.rawValue - 1,
            ]
        )
        let id = database.lastInsertedRowID
        try forgetOldest(database)
        return ReplayRecord(id: ReplayID(rawValue: id), draft: draft)
    }

    private static func forgetOldest(_ database: Database) throws {
        let forgotten = try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM replays WHERE state IN ('finished', 'cancelled') ORDER BY id DESC LIMIT -1 OFFSET ?
                """,
            arguments: [rememberedReplayCount - 1]
        )
        for id in forgotten {
            try database.execute(sql: "DELETE FROM replay_parked WHERE replay = ?", arguments: [id])
            try database.execute(sql: "DELETE FROM replay_failures WHERE replay = ?", arguments: [id])
            try database.execute(sql: "DELETE FROM replays WHERE id = ?", arguments: [id])
        }
    }

    /// All replays, newest first, or the one of an id.
    static func records(_ id: ReplayID?, _ database: Database) throws -> [ReplayRecord] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT *, (SELECT count(*) FROM replay_parked WHERE replay = replays.id) AS parked
                FROM replays WHERE ?1 IS NULL OR id = ?1 ORDER BY id DESC
                """,
            arguments: [id?.rawValue]
        ).map(ReplayRecord.init)
    }

    static func parkedDeliveries(of id: ReplayID, _ database: Database) throws -> [ParkedDelivery] {
        try Row.fetchAll(
            database,
            sql: "SELECT * FROM replay_parked WHERE replay = ? ORDER BY position",
            arguments: [id.rawValue]
        ).map { row in
            ParkedDelivery(
                position: Position(rawValue: try row.value("position")),
                lane: (try row.optional("lane") as Int64?).map(ResourceKey.init(rawValue:)),
                unit: (try row.optional("unit") as Int64?).map(Position.init(rawValue:)),
                attempts: try row.value("attempts"),
                due: Timestamp(nanoseconds: try row.value("due")),
                reason: try row.value("reason"),
                isRedelivery: false
            )
        }
    }

    static func set(
        _ id: ReplayID,
        to state: ReplayState,
        pause: Pause?,
        at time: Timestamp,
        _ database: Database
    ) throws -> Bool {
        try database.execute(
            sql: """
                UPDATE replays SET state = ?, pause = ?, pause_reason = ?, ended = ?
                WHERE id = ? AND state NOT IN ('finished', 'cancelled')
                """,
            arguments: [
                state.rawValue, pause?.cause.rawValue, pause?.reason, state.hasEnded ? time.nanoseconds : nil,
                id.rawValue,
            ]
        )
        return database.changesCount == 1
    }
}
