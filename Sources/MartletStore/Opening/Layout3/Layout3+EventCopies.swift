import GRDB

extension Layout3 {
    /// The rows of events that are redelivered: the dead letter has left, and retention may have removed the log's own row.
    ///
    /// They lie beside the log and not in it, so that the log is without holes from its first position on.
    static func makeEventCopies(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE event_copies(
                    forwarder INTEGER NOT NULL, position INTEGER NOT NULL, recorded INTEGER NOT NULL, kind INTEGER NOT NULL,
                    resource INTEGER NOT NULL, prev INTEGER NOT NULL, crc INTEGER NOT NULL, attributes BLOB NOT NULL,
                    body BLOB NOT NULL, UNIQUE(forwarder, position));
                INSERT INTO event_copies(forwarder, \(EventRow.columns))
                    SELECT forwarder, \(EventRow.columns) FROM parked JOIN events USING(position) WHERE redelivery;
                """
        )
    }
}
