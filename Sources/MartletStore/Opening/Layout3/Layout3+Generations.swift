import GRDB

extension Layout3 {
    /// From which position on the store derives its ids from another number than before: a restored store gives positions
    /// again that have been given, and what lies there then is something else.
    static func makeGenerations(_ database: Database) throws {
        try database.execute(
            sql: "CREATE TABLE generations(first INTEGER PRIMARY KEY, instance INTEGER NOT NULL)"
        )
    }
}
