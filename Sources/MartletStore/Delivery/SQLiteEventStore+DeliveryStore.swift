import GRDB
package import Martlet
package import MartletPipeline

extension SQLiteEventStore {
    package func openForwarder(name: String, start: Position) async throws -> ForwarderRecord {
        try await write { _, database in
            let start = try LostForwarders.start(of: name, asked: start.rawValue, on: database)
            var checksum = RowChecksum(.forwarders)
            checksum.add(name)
            checksum.add(start)
            try database.execute(
                sql: "INSERT OR IGNORE INTO forwarders(name, start, cursor, checksum) VALUES(?1, ?2, ?2, ?3)",
                arguments: [name, start, checksum.value]
            )
            guard
                let row = try Row.fetchOne(database, sql: "SELECT * FROM forwarders WHERE name = ?", arguments: [name])
            else { throw StoreError(.failed, "The forwarder \(name) could not be stored.") }
            let id: Int64 = try row.value("id")
            var record = try ForwarderRecord(row, parked: ParkedDelivery.fetch(of: id, database))
            record.resynchronisation = try ResynchronisationSetting.read(of: id, database)
            return record
        }
    }

    package func forwarderExists(name: String) async throws -> Bool {
        try await read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS(SELECT 1 FROM forwarders WHERE name = ?)",
                arguments: [name]
            )
                ?? false
        }
    }

    package func forgetForwarder(name: String) async throws -> Bool {
        try await write { _, database in
            var isKnown = false
            try database.inTransaction(.immediate) {
                let id = try Int64.fetchOne(
                    database,
                    sql: "SELECT id FROM forwarders WHERE name = ?",
                    arguments: [name]
                )
                guard let id else { return .rollback }
                for table in ["parked", "dead_letters", "event_copies"] {
                    try database.execute(sql: "DELETE FROM \(table) WHERE forwarder = ?", arguments: [id])
                }
                try ResynchronisationSetting.write(nil, of: id, database)
                try database.execute(sql: "DELETE FROM forwarders WHERE id = ?", arguments: [id])
                isKnown = true
                return .commit
            }
            return isKnown
        }
    }

    package func forwarderStatuses() async throws -> [ForwarderStatus] {
        try await read { database in
            let head = try RawStatement(database, SQLiteEventStore.headQuery).first { $0.integer(0) } ?? 0
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT forwarders.*, count(parked.position) AS parked, min(parked.position) AS oldest
                    FROM forwarders LEFT JOIN parked ON parked.forwarder = forwarders.id
                    GROUP BY forwarders.id ORDER BY forwarders.name
                    """
            )
            let recorded = try RawStatement(
                database,
                "SELECT recorded FROM events WHERE position >= ? ORDER BY position LIMIT 1"
            )
            return try rows.map { row in
                let cursor: Int64 = try row.value("cursor")
                var oldest: Timestamp?
                let first: Int64? = try row.optional("oldest") ?? (cursor < head ? cursor + 1 : nil)
                if let first {
                    recorded.bind(1, first)
                    oldest = try recorded.first { Timestamp(milliseconds: $0.integer(0)) }
                }
                return try ForwarderStatus(row, head: head, oldestPending: oldest)
            }
        }
    }

    package func events(at positions: [Position], for forwarder: ForwarderID) async throws -> [StoredEvent] {
        let (fragments, instance, ledger) = (fragments, instance, ledger)
        return try await read { database in
            let decoder = EventDecoder(database, fragments: fragments, instance: instance)
            // The log, the copies of what is redelivered, and the dead letters whose redelivery is not saved yet.
            let statements = try [
                "events WHERE position = ?1",
                "event_copies WHERE position = ?1 AND forwarder = ?2",
                "dead_letters WHERE position = ?1 AND forwarder = ?2 LIMIT 1",
            ].map { try RawStatement(database, "SELECT \(EventRow.columns) FROM \($0)") }
            var found: [StoredEvent] = []
            for position in Set(positions).sorted() {
                for (index, statement) in statements.enumerated() {
                    statement.bind(1, position.rawValue)
                    if index > 0 { statement.bind(2, forwarder.rawValue) }
                    // Where one is damaged another copy may be whole.
                    let read = try statement.first { try ledger.wholeEvent($0, decoder)?.event } ?? nil
                    guard let event = read else { continue }
                    found.append(event)
                    break
                }
            }
            return found
        }
    }

    package func deadLetters(
        forwarder: String?,
        after id: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [DeadLetter] {
        try await readDeadLetters(
            "dead_letters.id > ? AND (? IS NULL OR name = ?)",
            [id, forwarder, forwarder],
            limit,
            maximumBytes
        )
    }

    package func deadLetter(id: Int64) async throws -> DeadLetter? {
        try await readDeadLetters("dead_letters.id = ?", [id], 1, 0).first
    }

    package func lastDeadLetter(of forwarder: ForwarderID) async throws -> Int64? {
        try await read { database in
            let statement = try RawStatement(
                database,
                "SELECT id FROM dead_letters WHERE forwarder = ? ORDER BY id DESC LIMIT 1"
            )
            statement.bind(1, forwarder.rawValue)
            return try statement.first { $0.integer(0) }
        }
    }

    package func deadLetterReferences(
        of forwarder: ForwarderID,
        within ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [DeadLetterReference] {
        let (fragments, instance, ledger) = (fragments, instance, ledger)
        return try await read { database in
            let decoder = EventDecoder(database, fragments: fragments, instance: instance)
            let statement = try RawStatement(
                database,
                """
                SELECT \(EventRow.columns), id FROM dead_letters
                WHERE forwarder = ?1 AND id BETWEEN ?2 AND ?3 ORDER BY id
                """
            )
            statement.bind(1, forwarder.rawValue)
            statement.bind(2, ids.lowerBound)
            statement.bind(3, ids.upperBound)
            guard limit > 0 else { return [] }
            var references: [DeadLetterReference] = []
            var bytes = 0
            try statement.forEach { row in
                // Each is looked at, because a damaged one would be skipped when it is redelivered; none is kept.
                bytes += row.bytes(7).count
                if !references.isEmpty, bytes > SQLiteEventStore.checkedBytes { return false }
                if let event = try ledger.wholeEvent(row, decoder)?.event {
                    references.append(DeadLetterReference(id: row.integer(8), position: event.position))
                }
                return references.count < limit
            }
            return references
        }
    }

    /// What one read of references looks through at the most: no snapshot is held for long.
    private static let checkedBytes = 64 << 20

    private func readDeadLetters(
        _ condition: String,
        _ arguments: StatementArguments,
        _ limit: Int,
        _ maximumBytes: Int
    ) async throws -> [DeadLetter] {
        let (fragments, instance, ledger) = (fragments, instance, ledger)
        return try await read { database in
            let decoder = EventDecoder(database, fragments: fragments, instance: instance)
            let statement = try database.makeStatement(
                sql: """
                    SELECT \(EventRow.columns), dead_letters.id, name, forwarder, reason, attempts, time
                    FROM dead_letters JOIN forwarders ON forwarders.id = forwarder
                    WHERE \(condition) ORDER BY dead_letters.id
                    """
            )
            try statement.setArguments(arguments)
            var letters: [DeadLetter] = []
            guard limit > 0 else { return [] }
            var bytes = 0
            try RawStatement(statement).forEach { row in
                bytes += row.bytes(7).count
                if !letters.isEmpty, bytes > maximumBytes { return false }
                // An empty page is the end: damaged ones are passed over within it.
                guard let event = try ledger.wholeEvent(row, decoder)?.event else { return true }
                letters.append(
                    DeadLetter(
                        id: row.integer(8),
                        forwarder: row.text(9),
                        forwarderID: ForwarderID(rawValue: row.integer(10)),
                        stored: event,
                        reason: row.text(11),
                        attempts: Int(row.integer(12)),
                        time: Timestamp(nanoseconds: row.integer(13))
                    )
                )
                return letters.count < limit
            }
            return letters
        }
    }
}
