import GRDB

/// How many forwarders' records a repair could not read.
///
/// Their names are in the configuration only, so as many names that the store does not know are taken for them when they are
/// opened, and begin at the beginning of the log: repeated rather than skipped.
enum LostForwarders {
    static let setting = "repair.lost-forwarders"

    /// Where a forwarder of this name begins if the store does not know it.
    ///
    /// What has been removed is nobody's any more: a new forwarder begins behind it.
    static func start(of name: String, asked start: Int64, on database: Database) throws -> Int64 {
        let isKnown =
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS(SELECT 1 FROM forwarders WHERE name = ?)",
                arguments: [name]
            ) ?? false
        if isKnown { return start }
        let first = try RawStatement(database, "SELECT position FROM events ORDER BY position LIMIT 1")
        let earliest = (try first.first { $0.integer(0) } ?? 1) - 1
        guard let count = try count(database), count > 0 else { return max(start, earliest) }
        try write(count - 1, database)
        return earliest
    }

    static func count(_ database: Database) throws -> Int? {
        try StoreSetting.read(setting, database).flatMap { Int($0) }
    }

    static func write(_ count: Int, _ database: Database) throws {
        try StoreSetting.write(setting, "\(count)", database)
    }
}
