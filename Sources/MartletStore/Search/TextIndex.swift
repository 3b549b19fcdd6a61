import GRDB
import Logging
import Martlet
import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The full text of the resources, in a file of its own: writing it, the dearest of all writes, holds up no commit.
///
/// Everything in it can be made again from the store, so it commits without waiting for the disk, and a file that is
/// missing, damaged or another store's is begun anew.
final class TextIndex: Sendable {
    private static let version = 1
    private let pool: DatabasePool

    init(path: String, instance: StoreInstance, logger: Logger) throws {
        do {
            pool = try TextIndex.open(path, instance)
        } catch {
            logger.warning(
                "The text index cannot be used; it is made anew.",
                metadata: ["file": "\(path)", "error": "\(error)"]
            )
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
            pool = try TextIndex.open(path, instance)
        }
    }

    func close() throws { try pool.close() }

    /// The position up to which the texts are those of the store.
    func indexedThrough() async throws -> Position {
        try await pool.read { Position(rawValue: try Int64.fetchOne($0, sql: "SELECT through FROM progress") ?? 0) }
    }

    /// Takes records as they were at a position or later.
    func update(_ records: [ResourceRecord], through position: Position) async throws {
        try await pool.write { database in
            for record in records { try TextIndex.update(record, on: database) }
            try database.execute(sql: "UPDATE progress SET through = ?", arguments: [position.rawValue])
        }
    }

    /// Forgets resources that leave the index.
    func remove(_ keys: [Int64]) async throws {
        try await pool.write { database in
            for key in keys {
                try database.cachedStatement(sql: "DELETE FROM texts WHERE rowid = ?").execute(arguments: [key])
                try database.cachedStatement(sql: "DELETE FROM facets WHERE key = ?").execute(arguments: [key])
            }
        }
    }

    /// The keys of the resources that a query of FTS5's language finds, best first, and the position indexed through.
    func keys(
        matching query: String,
        type: String?,
        cloud: String?,
        state: String?,
        limit: Int
    ) async throws -> (keys: [ResourceKey], through: Position) {
        try await pool.read { database in
            // A name or an id that is met weighs more than any of the many words beside them.
            let keys = try Int64.fetchAll(
                database,
                sql: """
                    SELECT texts.rowid FROM texts JOIN facets ON facets.key = texts.rowid
                    WHERE texts MATCH :query AND (:type IS NULL OR type = :type)
                        AND (:cloud IS NULL OR cloud = :cloud) AND (:state IS NULL OR state = :state)
                    ORDER BY bm25(texts, 8, 8, 1), texts.rowid LIMIT :limit
                    """,
                arguments: ["query": query, "type": type, "cloud": cloud, "state": state, "limit": limit]
            )
            let through = try Int64.fetchOne(database, sql: "SELECT through FROM progress") ?? 0
            return (keys.map { ResourceKey(rawValue: $0) }, Position(rawValue: through))
        }
    }

    /// The keys of the resources that a query finds among the next ones behind a key, in their order.
    ///
    /// - Parameters:
    ///   - query: in FTS5's language; `nil` finds nothing.
    ///   - span: how many resources are looked through, whatever they hold.
    /// - Returns: also the last key that was looked at; `nil` where there is none behind it.
    func keys(
        matching query: String?,
        type: String?,
        cloud: String?,
        after key: Int64,
        span: Int
    ) async throws -> (keys: [ResourceKey], last: ResourceKey?, through: Position) {
        try await pool.read { database in
            let last = try Int64.fetchOne(
                database,
                sql: "SELECT key FROM facets WHERE key > ? ORDER BY key LIMIT 1 OFFSET ?",
                arguments: [key, span - 1]
            )
            let keys =
                try query.map { query in
                    try Int64.fetchAll(
                        database,
                        sql: """
                            SELECT texts.rowid FROM texts JOIN facets ON facets.key = texts.rowid
                            WHERE texts MATCH :query AND texts.rowid > :after AND texts.rowid <= :last
                                AND (:type IS NULL OR type = :type) AND (:cloud IS NULL OR cloud = :cloud)
                            ORDER BY texts.rowid
                            """,
                        arguments: [
                            "query": query, "after": key, "last": last ?? .max, "type": type, "cloud": cloud,
                        ]
                    )
                } ?? []
            let through = try Int64.fetchOne(database, sql: "SELECT through FROM progress") ?? 0
            return (
                keys.map { ResourceKey(rawValue: $0) }, last.map { ResourceKey(rawValue: $0) },
                Position(rawValue: through)
            )
        }
    }

    private static func update(_ record: ResourceRecord, on database: Database) throws {
        let text = ResourceText(record)
        let key = record.key.rawValue
        let known = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT digest, state FROM facets WHERE key = ?"),
            arguments: [key]
        )
        let digest = text.digest
        // Most events change nothing that is searched for; an index entry is dearer than all else about them.
        if let known, known["digest"] == digest {
            if known["state"] != record.state {
                try database.cachedStatement(sql: "UPDATE facets SET state = ? WHERE key = ?")
                    .execute(arguments: [record.state, key])
            }
            return
        }
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO texts(rowid, name, id, words) VALUES(?, ?, ?, ?)")
            .execute(arguments: [key, text.name, text.id, text.words])
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO facets(key, digest, cloud, type, state) VALUES(?, ?, ?, ?, ?)"
        ).execute(arguments: [key, digest, record.cloud, record.type, record.state])
    }

    private static func open(_ path: String, _ instance: StoreInstance) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "martlet.store.text"
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            // Fewer and larger checkpoints: an index entry spreads over the whole file.
            if !database.configuration.readonly { try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000") }
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.write { database in
            guard try database.tableExists("progress") == false else {
                let row = try Row.fetchOne(database, sql: "SELECT version, instance FROM progress")
                guard row?["version"] == version, row?["instance"] == Int64(instance.number) else {
                    throw StoreError(.failed, "The text index belongs to another store or another version.")
                }
                return
            }
            try database.execute(
                sql: """
                    CREATE TABLE progress(version INTEGER NOT NULL, instance INTEGER NOT NULL, through INTEGER NOT NULL);
                    CREATE TABLE facets(
                        key INTEGER PRIMARY KEY, digest INTEGER NOT NULL, cloud TEXT NOT NULL, type TEXT NOT NULL,
                        state TEXT);
                    CREATE VIRTUAL TABLE texts USING fts5(name, id, words, tokenize = 'unicode61 remove_diacritics 2');
                    """
            )
            try database.execute(
                sql: "INSERT INTO progress(version, instance, through) VALUES(?, ?, 0)",
                arguments: [version, Int64(instance.number)]
            )
        }
        return pool
    }
}
