import GRDB

/// A named value of the store, with its checksum.
enum StoreSetting {
    static func read(_ name: String, _ database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT value FROM settings WHERE name = ?", arguments: [name])
    }

    /// - Parameter value: `nil` to remove it.
    static func write(_ name: String, _ value: String?, _ database: Database) throws {
        guard let value else {
            return try database.execute(sql: "DELETE FROM settings WHERE name = ?", arguments: [name])
        }
        var checksum = RowChecksum(.settings)
        checksum.add(name)
        checksum.add(value)
        try database.execute(
            sql: "INSERT OR REPLACE INTO settings(name, value, checksum) VALUES(?, ?, ?)",
            arguments: [name, value, checksum.value]
        )
    }
}
