import GRDB
import Martlet
import MartletPipeline

/// Puts events together from the rows that a statement goes through, on one connection.
struct EventDecoder {
    private let database: Database
    private let fragments: FragmentCache
    private let instance: StoreInstance

    init(_ database: Database, fragments: FragmentCache, instance: StoreInstance) {
        self.database = database
        self.fragments = fragments
        self.instance = instance
    }

    /// The event of the row that a statement stands on, its columns as ``EventRow/columns`` names them.
    ///
    /// - Throws: ``StoreError`` `.damaged`, naming the position, where the row is not as it was written.
    func decode(_ row: RawStatement, from column: Int32 = 0) throws -> (event: StoredEvent, previous: Int64) {
        let fixed = EventRow(row, from: column)
        let attributes = row.bytes(column + 6)
        let body = row.bytes(column + 7)
        guard fixed.checksum(attributes: attributes, body: body) == row.integer(column + 5) else {
            throw EventDecoder.damaged(fixed.position, "its checksum is wrong")
        }
        do {
            var partial = fixed.kind == 0 ? PartialEvent() : try fragments.fragment(fixed.kind, on: database).partial
            try partial.add(attributes) { try fragments.fragment($0, on: database).partial.fields.source }
            let parts = try partial.finish(
                body: [UInt8](body),
                position: Position(rawValue: fixed.position),
                recorded: Timestamp(milliseconds: fixed.recorded),
                resource: fixed.resource,
                derivedID: { instance.eventID(at: fixed.position) }
            )
            let stored = StoredEvent(
                event: parts.event,
                resourceKey: parts.resource == 0 ? nil : ResourceKey(rawValue: parts.resource),
                changes: parts.changes
            )
            return (stored, fixed.previous)
        } catch is FieldReader.Malformed {
            throw EventDecoder.damaged(fixed.position, "its attributes cannot be read")
        }
    }

    private static func damaged(_ position: Int64, _ reason: String) -> StoreError {
        StoreError(
            .damaged,
            "The event at position \(position) is damaged: \(reason). Restore the store from a backup."
        )
    }
}
