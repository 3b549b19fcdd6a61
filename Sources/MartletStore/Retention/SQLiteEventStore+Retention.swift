import GRDB
package import Martlet
package import MartletPipeline

extension SQLiteEventStore {
    package func logExtent() async throws -> LogExtent {
        try await read { database in
            let first = try RawStatement(
                database,
                "SELECT position, recorded FROM events ORDER BY position LIMIT 1"
            ).first { (position: $0.integer(0), recorded: $0.integer(1)) }
            let head = try RawStatement(database, SQLiteEventStore.headQuery).first { $0.integer(0) } ?? 0
            return LogExtent(
                first: Position(rawValue: first?.position ?? 1),
                head: Position(rawValue: head),
                oldest: first.map { Timestamp(milliseconds: $0.recorded) }
            )
        }
    }

    package func space() async throws -> StoreSpace {
        let bytes = try await read { database in
            func number(_ name: String) throws -> Int64 {
                try RawStatement(database, "PRAGMA \(name)").first { $0.integer(0) } ?? 0
            }
            // The write-ahead log is left out: it has a bound of its own, and comes and goes.
            return try (number("page_count") - number("freelist_count")) * number("page_size")
        }
        return StoreSpace(
            used: bytes + StoreFile.size(of: file.textPath),
            onDisk: file.size(),
            free: try StoreFile.freeBytes(in: file.directory)
        )
    }

    package func keptBytes() async throws -> Int64 {
        try await read { database in
            // Lengths stand at the beginning of a row: no body is read.
            let ofEvents = try ["dead_letters", "event_copies", "replay_failures"].reduce(Int64(0)) { sum, table in
                let row = try RawStatement(database, "SELECT sum(length(attributes) + length(body)) FROM \(table)")
                return try sum + (row.first { $0.integer(0) } ?? 0)
            }
            let quarantine = try RawStatement(database, "SELECT sum(length(headers) + length(bytes)) FROM quarantine")
            return try ofEvents + (quarantine.first { $0.integer(0) } ?? 0)
        }
    }

    package func removeEvents(
        through position: Position,
        heldBy forwarders: Set<ForwarderID>,
        limit: Int
    ) async throws -> Removal {
        try await write { _, database in
            var removal: Removal?
            try database.inTransaction(.immediate) {
                removal = try EventRemoval(database, heldBy: forwarders).remove(through: position, limit: limit)
                return .commit
            }
            guard let removal else { throw StoreError(.failed, "Nothing was removed.") }
            return removal
        }
    }

    package func removeQuarantined(before time: Timestamp, limit: Int) async throws -> Int {
        try await write { _, database in
            // Ids and times rise together: what is old enough is a stretch at the beginning.
            let rows = try RawStatement(database, "SELECT id, received FROM quarantine ORDER BY id LIMIT ?")
            rows.bind(1, Int64(limit))
            var last: Int64?
            var count = 0
            try rows.forEach { row in
                guard row.integer(1) < time.milliseconds else { return false }
                last = row.integer(0)
                count += 1
                return true
            }
            guard let last else { return 0 }
            try database.execute(sql: "DELETE FROM quarantine WHERE id <= ?", arguments: [last])
            return count
        }
    }
}
