import GRDB
import Martlet
import MartletPipeline

/// The stretch of which a forwarder sends the last event of each resource only: a setting of the store by the forwarder's
/// number, there for as long as the stretch lasts, which is hardly ever.
enum ResynchronisationSetting {
    static func name(of forwarder: Int64) -> String { "forwarder.\(forwarder).resynchronisation" }

    static func read(of forwarder: Int64, _ database: Database) throws -> Resynchronisation? {
        let text = try String.fetchOne(
            database,
            sql: "SELECT value FROM settings WHERE name = ?",
            arguments: [name(of: forwarder)]
        )
        // What cannot be read is no stretch: the forwarder sends everything.
        let numbers = text?.split(separator: " ").compactMap { Int64($0) } ?? []
        guard numbers.count == 3, numbers[0] < numbers[1] else { return nil }
        return Resynchronisation(
            from: Position(rawValue: numbers[0]),
            through: Position(rawValue: numbers[1]),
            skipped: numbers[2]
        )
    }

    /// Part of the transaction in which the cursor moves.
    static func write(_ resynchronisation: Resynchronisation?, of forwarder: Int64, _ database: Database) throws {
        let name = name(of: forwarder)
        guard let known = resynchronisation else {
            return try database.execute(sql: "DELETE FROM settings WHERE name = ?", arguments: [name])
        }
        let value = "\(known.from) \(known.through) \(known.skipped)"
        var checksum = RowChecksum(.settings)
        checksum.add(name)
        checksum.add(value)
        try database.execute(
            sql: "INSERT OR REPLACE INTO settings(name, value, checksum) VALUES(?, ?, ?)",
            arguments: [name, value, checksum.value]
        )
    }
}
