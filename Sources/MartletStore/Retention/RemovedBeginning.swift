import GRDB

/// How far retention has removed the beginning of the log: what is missing behind that has been lost.
enum RemovedBeginning {
    private static let setting = "log.removed-through"

    /// The last position removed, 0 for none; `nil` where the store does not say.
    static func read(_ database: Database) throws -> Int64? {
        try StoreSetting.read(setting, database).flatMap { Int64($0) }
    }

    /// Part of the transaction that removes.
    static func write(_ position: Int64, _ database: Database) throws {
        try StoreSetting.write(setting, "\(position)", database)
    }

    /// Has a store that does not say it take what is missing now for removed.
    static func establish(_ database: Database) throws {
        guard try read(database) == nil else { return }
        let first = try RawStatement(database, "SELECT position FROM events ORDER BY position LIMIT 1")
        try write((first.first { $0.integer(0) } ?? 1) - 1, database)
    }
}
