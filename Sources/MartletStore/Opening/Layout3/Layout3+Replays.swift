import GRDB

extension Layout3 {
    /// The replays: runs over a range of the log, beside the forwarders and outside of their numbers.
    static func makeReplays(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE replays(
                    id INTEGER PRIMARY KEY AUTOINCREMENT, definition BLOB NOT NULL, forwarder TEXT, sink TEXT NOT NULL,
                    first INTEGER NOT NULL, last INTEGER NOT NULL, rate INTEGER, note TEXT, created INTEGER NOT NULL,
                    state TEXT NOT NULL, cursor INTEGER NOT NULL, delivered INTEGER NOT NULL DEFAULT 0,
                    filtered INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0,
                    skipped INTEGER NOT NULL DEFAULT 0, pause TEXT, pause_reason TEXT, last_error TEXT, ended INTEGER);
                CREATE TABLE replay_parked(
                    replay INTEGER NOT NULL, position INTEGER NOT NULL, lane INTEGER, unit INTEGER,
                    attempts INTEGER NOT NULL, due INTEGER NOT NULL, reason TEXT NOT NULL,
                    PRIMARY KEY(replay, position)) WITHOUT ROWID;
                -- Each with a copy of the row of the log, as dead letters have.
                CREATE TABLE replay_failures(
                    id INTEGER PRIMARY KEY AUTOINCREMENT, replay INTEGER NOT NULL, reason TEXT NOT NULL,
                    attempts INTEGER NOT NULL, time INTEGER NOT NULL, position INTEGER NOT NULL,
                    recorded INTEGER NOT NULL, kind INTEGER NOT NULL, resource INTEGER NOT NULL, prev INTEGER NOT NULL,
                    crc INTEGER NOT NULL, attributes BLOB NOT NULL, body BLOB NOT NULL);
                CREATE INDEX replay_failures_by_replay ON replay_failures(replay, id);
                """
        )
    }
}
