import GRDB
import Martlet
import MartletPipeline

/// The stretch of which a forwarder sends the last event of each resource only: a setting of the store by the forwarder's
/// number, there for as long as the stretch lasts, which is hardly ever.
enum ResynchronisationSetting {
    static func name(of forwarder: Int64) -> String { "forwarder.\(forwarder).resynchronisation" }

    static func read(of forwarder: Int64, _ database: Database) throws -> Resynchronisation? {
        let text = try StoreSetting.read(name(of: forwarder), database)
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
        let value = resynchronisation.map { "\($0.from) \($0.through) \($0.skipped)" }
        try StoreSetting.write(name(of: forwarder), value, database)
    }
}
