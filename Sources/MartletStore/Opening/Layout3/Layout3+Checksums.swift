import GRDB

extension Layout3 {
    /// A checksum for each row that had none, so that `martlet store check` knows a damaged one. Rows that have been written
    /// before carry NULL, which says nothing.
    static func addChecksums(_ database: Database) throws {
        for table in RowChecksum.Table.allCases {
            try database.execute(sql: "ALTER TABLE \(table.name) ADD COLUMN checksum INTEGER")
        }
    }

    /// A second copy of what many rows cannot be read without: a few kilobytes, on pages of their own.
    static func addFragmentCopies(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE fragment_copies(id INTEGER PRIMARY KEY, content BLOB NOT NULL, crc INTEGER NOT NULL);
                INSERT INTO fragment_copies(id, content, crc) SELECT id, content, crc FROM fragments;
                CREATE TABLE store_copy(
                    id INTEGER PRIMARY KEY, instance INTEGER NOT NULL, seed_low INTEGER NOT NULL, seed_high INTEGER NOT NULL,
                    checksum INTEGER);
                """
        )
        let instance = try StoreInstance(database)
        try instance.writeCopy(database)
    }

    /// The positions of events that a repair could not save, so that nobody takes them for filtered.
    static func makeLostPositions(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE lost_positions(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, found INTEGER NOT NULL)
                """
        )
    }
}
