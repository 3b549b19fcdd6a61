import MartletPipeline
import Martlet

/// A row of `resources`: beside the document, what is read without opening it.
enum ResourceRow {
    static let columns = "key, latest, position, cloud, type, id, document"

    /// The record of the row that a statement stands on.
    ///
    /// - Throws: ``StoreError`` `.damaged` where the document cannot be read.
    static func record(_ row: RawStatement) throws -> ResourceRecord {
        let key = row.integer(0)
        do {
            return try ResourceRecord(
                document: [UInt8](row.bytes(6))[...],
                key: ResourceKey(rawValue: key),
                cloud: row.text(3),
                type: row.text(4),
                id: row.text(5),
                position: Position(rawValue: row.integer(2)),
                latest: Position(rawValue: row.integer(1))
            )
        } catch {
            throw StoreError(
                .damaged,
                "The document of resource \(key) is damaged; restore the store from a backup.",
                underlying: error
            )
        }
    }
}
