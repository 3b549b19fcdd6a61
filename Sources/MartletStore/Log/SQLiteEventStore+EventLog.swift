package import Martlet
package import MartletPipeline

extension SQLiteEventStore {
    package func head() async throws -> Position {
        try await read { database in
            Position(rawValue: try RawStatement(database, SQLiteEventStore.headQuery).first { $0.integer(0) } ?? 0)
        }
    }

    package func page(after position: Position, limit: Int, maximumBytes: Int) async throws -> [StoredEvent] {
        let (fragments, instance, ledger) = (fragments, instance, ledger)
        return try await read { database in
            let decoder = EventDecoder(database, fragments: fragments, instance: instance)
            // Without a limit of SQLite's: however many damaged ones there are, an empty page is the end of the log.
            let statement = try RawStatement(
                database,
                "SELECT \(EventRow.columns) FROM events WHERE position > ?1 ORDER BY position"
            )
            statement.bind(1, position.rawValue)
            guard limit > 0 else { return [] }
            var page: [StoredEvent] = []
            page.reserveCapacity(min(limit, 1_024))
            var bytes = 0
            try statement.forEach { row in
                bytes += row.bytes(7).count
                if !page.isEmpty, bytes > maximumBytes { return false }
                if let event = try ledger.wholeEvent(row, decoder)?.event { page.append(event) }
                return page.count < limit
            }
            return page
        }
    }

    package func events(at positions: [Position]) async throws -> [StoredEvent] {
        let (fragments, instance, ledger) = (fragments, instance, ledger)
        return try await read { database in
            let decoder = EventDecoder(database, fragments: fragments, instance: instance)
            let statement = try RawStatement(
                database,
                "SELECT \(EventRow.columns) FROM events WHERE position = ?"
            )
            var found: [StoredEvent] = []
            for position in Set(positions).sorted() {
                statement.bind(1, position.rawValue)
                if let event = try statement.first({ try ledger.wholeEvent($0, decoder)?.event }) ?? nil {
                    found.append(event)
                }
            }
            return found
        }
    }

    /// A binary search over the positions, along which recorded times never fall.
    package func position(before time: Timestamp) async throws -> Position {
        try await read { database in
            let first = try RawStatement(database, "SELECT position FROM events ORDER BY position LIMIT 1")
            let last = try RawStatement(database, SQLiteEventStore.headQuery)
            guard var low = try first.first({ $0.integer(0) }), var high = try last.first({ $0.integer(0) }) else {
                return .zero
            }
            // The first event at or after a place, and when it was recorded.
            let probe = try RawStatement(
                database,
                "SELECT position, recorded FROM events WHERE position >= ? ORDER BY position LIMIT 1"
            )
            // What lies before `low` was recorded earlier; what lies after `high` was not.
            while low <= high {
                let middle = low + (high - low) / 2
                probe.bind(1, middle)
                guard let found = try probe.first({ (position: $0.integer(0), recorded: $0.integer(1)) }) else { break }
                if Timestamp(milliseconds: found.recorded) < time {
                    low = found.position + 1
                } else {
                    high = middle - 1
                }
            }
            return Position(rawValue: low - 1)
        }
    }

    package func checkpoint(source: String, key: String) async throws -> String? {
        try await read { database in
            let statement = try RawStatement(database, "SELECT value FROM checkpoints WHERE source = ? AND key = ?")
            statement.bind(1, source)
            statement.bind(2, key)
            return try statement.first { $0.text(0) }
        }
    }

    /// The newest position. Retention never removes the last row, so that none is given twice.
    static let headQuery = "SELECT position FROM events ORDER BY position DESC LIMIT 1"
}
