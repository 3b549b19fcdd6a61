import GRDB

/// The layout of `martlet.sqlite` (docs/decisions/0001-store-layout.md), as the migrations that lead to it.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try makeFirst($0) }
        // Events may carry a routing key, which the program before cannot read; nothing is there to be changed.
        migrator.registerMigration("2") { try $0.execute(sql: "PRAGMA user_version = 2") }
        migrator.registerMigration("3") { database in
            for part in Layout3.parts { try part(database) }
            try database.execute(sql: "PRAGMA user_version = 3")
        }
        return migrator
    }()

    private static func makeFirst(_ database: Database) throws {
        try database.execute(sql: log)
        try database.execute(sql: delivery)
        var random = SystemRandomNumberGenerator()
        try database.execute(
            sql: "INSERT INTO store(id, instance, seed_low, seed_high) VALUES(1, ?, ?, ?)",
            arguments: [
                Int64(UInt32.random(in: 0...UInt32.max, using: &random)),
                Int64.random(in: .min ... .max, using: &random),
                Int64.random(in: .min ... .max, using: &random),
            ]
        )
        try database.execute(sql: "PRAGMA application_id = \(StoreFile.applicationID)")
        try database.execute(sql: "PRAGMA user_version = 1")
    }

    private static let log = """
        CREATE TABLE store(
            id INTEGER PRIMARY KEY, instance INTEGER NOT NULL, seed_low INTEGER NOT NULL, seed_high INTEGER NOT NULL);
        -- The log. No secondary index: what it would cost stands in the decision record.
        CREATE TABLE events(
            position INTEGER PRIMARY KEY, recorded INTEGER NOT NULL, kind INTEGER NOT NULL, resource INTEGER NOT NULL,
            prev INTEGER NOT NULL, crc INTEGER NOT NULL, attributes BLOB NOT NULL, body BLOB NOT NULL);
        CREATE TABLE fragments(id INTEGER PRIMARY KEY, content BLOB NOT NULL, crc INTEGER NOT NULL);
        CREATE TABLE resources(
            key INTEGER PRIMARY KEY, latest INTEGER NOT NULL, position INTEGER NOT NULL, deleted INTEGER,
            cloud TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, state TEXT, document BLOB NOT NULL);
        -- The clouds that resources have been seen of: a handful, for finding a resource whose cloud nobody names.
        CREATE TABLE clouds(cloud TEXT PRIMARY KEY) WITHOUT ROWID;
        -- One row for each table `identity_<number>`, and for how long it has been the newest one.
        CREATE TABLE identity_tables(number INTEGER PRIMARY KEY, running INTEGER NOT NULL);
        CREATE TABLE checkpoints(
            source TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(source, key)) WITHOUT ROWID;
        CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """

    private static let delivery = """
        CREATE TABLE forwarders(
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, start INTEGER NOT NULL,
            cursor INTEGER NOT NULL, delivered INTEGER NOT NULL DEFAULT 0, filtered INTEGER NOT NULL DEFAULT 0,
            dead INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0, pause TEXT, pause_reason TEXT,
            last_error TEXT);
        CREATE TABLE parked(
            forwarder INTEGER NOT NULL, position INTEGER NOT NULL, lane INTEGER, unit INTEGER,
            attempts INTEGER NOT NULL, due INTEGER NOT NULL, reason TEXT NOT NULL, redelivery INTEGER NOT NULL,
            PRIMARY KEY(forwarder, position)) WITHOUT ROWID;
        -- Each with a copy of the row of the log, which retention may have removed.
        CREATE TABLE dead_letters(
            id INTEGER PRIMARY KEY AUTOINCREMENT, forwarder INTEGER NOT NULL, reason TEXT NOT NULL,
            attempts INTEGER NOT NULL, time INTEGER NOT NULL, position INTEGER NOT NULL, recorded INTEGER NOT NULL,
            kind INTEGER NOT NULL, resource INTEGER NOT NULL, prev INTEGER NOT NULL, crc INTEGER NOT NULL,
            attributes BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX dead_letters_by_forwarder ON dead_letters(forwarder, id);
        CREATE TABLE quarantine(
            id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, received INTEGER NOT NULL, reason TEXT NOT NULL,
            routing_key TEXT, headers BLOB NOT NULL, bytes BLOB NOT NULL);
        CREATE INDEX quarantine_by_source ON quarantine(source, id);
        """
}
