import GRDB
package import Martlet
package import MartletPipeline

extension SQLiteEventStore {
    package func removeTombstones(
        deletedBefore time: Timestamp,
        after key: ResourceKey?,
        limit: Int
    ) async throws -> (next: ResourceKey?, removed: Int) {
        let (old, next) = try await read { database in
            // No index leads to them, because each would cost every event: the index of resources is looked through slowly.
            let rows = try RawStatement(
                database,
                "SELECT key, deleted FROM resources WHERE key > ?1 ORDER BY key LIMIT ?2"
            )
            rows.bind(1, key?.rawValue ?? 0)
            rows.bind(2, Int64(limit))
            var old: [Int64] = []
            var looked = 0
            var last: Int64 = 0
            try rows.forEach { row in
                looked += 1
                last = row.integer(0)
                if !row.isNull(1), row.integer(1) < time.milliseconds { old.append(last) }
                return true
            }
            return (old, looked == limit ? ResourceKey(rawValue: last) : nil)
        }
        guard !old.isEmpty else { return (next, 0) }
        do {
            // The texts first: one that is left over would stand for whatever takes the key next.
            try await textIndex.remove(old)
        } catch {
            throw StoreError.wrapping(error)
        }
        let removed = try await write { writer, database in
            var gone: [Int64] = []
            try database.inTransaction(.immediate) {
                gone = try SQLiteEventStore.removeTombstones(old, deletedBefore: time, on: database)
                return .commit
            }
            for key in gone { writer.forget(key) }
            return gone.count
        }
        return (next, removed)
    }

    /// Removes those that are still deleted and end their chain.
    ///
    /// A resource whose key was taken has the next free one, and is looked for along the keys up to the first that is free. So
    /// only the last of a chain may go; with 62 bits of hash a chain of two is rarer than a failing disk, and waits.
    private static func removeTombstones(
        _ keys: [Int64],
        deletedBefore time: Timestamp,
        on database: Database
    ) throws -> [Int64] {
        let neighbour = try RawStatement(database, "SELECT 1 FROM resources WHERE key = ?")
        let deletion = try RawStatement(database, "DELETE FROM resources WHERE key = ?1 AND deleted < ?2")
        // From the highest key on, so that a chain of tombstones goes from its end.
        return try keys.sorted(by: >).filter { key in
            neighbour.bind(1, ResourceNaming.key(after: key))
            guard try neighbour.first({ _ in true }) == nil else { return false }
            deletion.bind(1, key)
            deletion.bind(2, time.milliseconds)
            try deletion.run()
            return deletion.changedRows == 1
        }
    }
}
