import GRDB
import MartletPipeline

extension Row {
    /// The value of a column. GRDB's own subscript ends the process where a damaged row has NULL or another type.
    ///
    /// - Throws: ``StoreError`` `.damaged`.
    func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        do {
            return try decode(Value.self, forColumn: column)
        } catch {
            throw Self.damage(column)
        }
    }

    /// The value of a column that may be NULL.
    ///
    /// - Throws: ``StoreError`` `.damaged`.
    func optional<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
        do {
            return try decode(Value?.self, forColumn: column)
        } catch {
            throw Self.damage(column)
        }
    }

    private static func damage(_ column: String) -> StoreError {
        StoreError(
            .damaged,
            "A row of the delivery state is damaged (\(column)): stop Martlet and run `martlet store repair`."
        )
    }
}
