import GRDB
import Martlet
import MartletPipeline

/// Promise 11: removes the beginning of the log, and nothing that a forwarder has not concluded.
///
/// Part of one transaction: the low-water mark is that of the very moment at which the rows go.
struct EventRemoval {
    /// What one transaction frees at the most, but always one event: a large body is a chain of pages, each of which is
    /// visited.
    private static let maximumBytes: Int64 = 4 << 20

    private let database: Database
    private let forwarders: Set<ForwarderID>

    init(_ database: Database, heldBy forwarders: Set<ForwarderID>) {
        self.database = database
        self.forwarders = forwarders
    }

    func remove(through position: Position, limit: Int) throws -> Removal {
        let firstQuery = try RawStatement(database, "SELECT position FROM events ORDER BY position LIMIT 1")
        let first = try firstQuery.first { $0.integer(0) } ?? 1
        let head = try RawStatement(database, SQLiteEventStore.headQuery).first { $0.integer(0) } ?? 0
        // The next position is found by the last row.
        let wanted = min(position.rawValue, head - 1)
        let hold = try lowWaterMark().flatMap { $0.position.rawValue <= wanted ? $0 : nil }
        let allowed = min(wanted, (hold?.position.rawValue ?? .max) - 1)
        var removal = Removal(removedThrough: Position(rawValue: first - 1), count: 0, hold: hold)
        guard allowed >= first else { return removal }
        let rows = try RawStatement(
            database,
            """
            SELECT position, length(attributes) + length(body) FROM events WHERE position <= ?1
            ORDER BY position LIMIT ?2
            """
        )
        rows.bind(1, allowed)
        rows.bind(2, Int64(limit))
        var bytes: Int64 = 0
        try rows.forEach { row in
            bytes += row.integer(1)
            guard removal.count == 0 || bytes <= EventRemoval.maximumBytes else { return false }
            removal.removedThrough = Position(rawValue: row.integer(0))
            removal.count += 1
            return true
        }
        let deletion = try RawStatement(database, "DELETE FROM events WHERE position <= ?")
        deletion.bind(1, removal.removedThrough.rawValue)
        try deletion.run()
        try RemovedBeginning.write(removal.removedThrough.rawValue, database)
        return removal
    }

    /// The oldest event that one of the forwarders, or a replay that runs, has not concluded; `nil` where there are none.
    private func lowWaterMark() throws -> Removal.Hold? {
        var lowest: Removal.Hold?
        func consider(_ owner: Removal.Hold.Owner, cursor: Int64, parked: Int64?) {
            let oldest = Position(rawValue: min(cursor + 1, parked ?? .max))
            if oldest < lowest?.position ?? Position(rawValue: .max) {
                lowest = Removal.Hold(owner, position: oldest)
            }
        }
        // What is redelivered has its own copy.
        let delivering = try RawStatement(
            database,
            """
            SELECT id, cursor, (SELECT min(position) FROM parked WHERE forwarder = id AND redelivery <> 1)
            FROM forwarders
            """
        )
        try delivering.forEach { row in
            let id = ForwarderID(rawValue: row.integer(0))
            guard forwarders.contains(id) else { return true }
            consider(.forwarder(id), cursor: row.integer(1), parked: row.isNull(2) ? nil : row.integer(2))
            return true
        }
        let replaying = try RawStatement(
            database,
            """
            SELECT id, cursor, (SELECT min(position) FROM replay_parked WHERE replay = id)
            FROM replays WHERE state = '\(ReplayState.running.rawValue)'
            """
        )
        try replaying.forEach { row in
            let id = ReplayID(rawValue: row.integer(0))
            consider(.replay(id), cursor: row.integer(1), parked: row.isNull(2) ? nil : row.integer(2))
            return true
        }
        return lowest
    }
}
