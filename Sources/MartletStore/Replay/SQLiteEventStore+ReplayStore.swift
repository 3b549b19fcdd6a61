import GRDB
package import Martlet
package import MartletPipeline

extension SQLiteEventStore {
    package func createReplay(_ draft: ReplayDraft) async throws -> ReplayRecord {
        try await writeReplays { try ReplayTable.insert(draft, $0) }
    }

    package func replays() async throws -> [ReplayRecord] { try await read { try ReplayTable.records(nil, $0) } }

    package func replay(_ id: ReplayID) async throws -> ReplayRecord? {
        try await read { try ReplayTable.records(id, $0).first }
    }

    package func parkedDeliveries(of replay: ReplayID) async throws -> [ParkedDelivery] {
        try await read { try ReplayTable.parkedDeliveries(of: replay, $0) }
    }

    package func saveReplay(_ progress: ReplayProgress) async throws {
        try await writeReplays { try ReplayTable.apply(progress, $0) }
    }

    package func setReplay(
        _ id: ReplayID,
        to state: ReplayState,
        pause: Pause?,
        at time: Timestamp
    ) async throws -> Bool {
        try await writeReplays { try ReplayTable.set(id, to: state, pause: pause, at: time, $0) }
    }

    package func replayFailures(
        _ id: ReplayID,
        after failure: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [ReplayFailure] {
        let (fragments, instance, ledger) = (fragments, instance, ledger)
        return try await read { database in
            let decoder = EventDecoder(database, fragments: fragments, instance: instance)
            let statement = try RawStatement(
                database,
                """
                SELECT \(EventRow.columns), id, reason, attempts, time FROM replay_failures
                WHERE replay = ? AND id > ? ORDER BY id
                """
            )
            statement.bind(1, id.rawValue)
            statement.bind(2, failure)
            var failures: [ReplayFailure] = []
            guard limit > 0 else { return [] }
            var bytes = 0
            try statement.forEach { row in
                bytes += row.bytes(7).count
                if !failures.isEmpty, bytes > maximumBytes { return false }
                // An empty page is the end: damaged ones are passed over within it.
                guard let stored = try ledger.wholeEvent(row, decoder)?.event else { return true }
                failures.append(
                    ReplayFailure(
                        id: row.integer(8),
                        stored: stored,
                        reason: row.text(9),
                        attempts: Int(row.integer(10)),
                        time: Timestamp(nanoseconds: row.integer(11))
                    )
                )
                return failures.count < limit
            }
            return failures
        }
    }

    /// Runs as one transaction on the writing connection.
    private func writeReplays<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await write { _, database in
            var result: Value?
            try database.inTransaction(.immediate) {
                result = try body(database)
                return .commit
            }
            guard let result else { throw StoreError(.failed, "The replay could not be stored.") }
            return result
        }
    }
}
