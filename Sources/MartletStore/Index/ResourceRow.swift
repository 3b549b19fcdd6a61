import Logging
import Martlet
import MartletPipeline

/// A row of `resources`: beside the document, what is read without opening it.
enum ResourceRow {
    /// The record of the row that a statement stands on, for the writer: one whose document cannot be read begins anew, with
    /// its time line, because a commit must not fail for the sake of one resource.
    static func recordOrBlank(_ row: RawStatement, logger: Logger) throws -> ResourceRecord {
        do {
            return try record(row)
        } catch let error as StoreError where error.code == .damaged {
            logger.error("A resource's document is damaged; it begins anew.", metadata: ["error": "\(error)"])
            var blank = ResourceRecord(
                key: ResourceKey(rawValue: row.integer(0)),
                cloud: row.text(3),
                type: row.text(4),
                id: row.text(5),
                publisher: ""
            )
            blank.latest = Position(rawValue: row.integer(1))
            return blank
        }
    }

    /// The record of the row, or `nil` where its document cannot be read: for those who join it to something else.
    static func recordIfReadable(_ row: RawStatement, logger: Logger) throws -> ResourceRecord? {
        do {
            return try record(row)
        } catch let error as StoreError where error.code == .damaged {
            logger.error("A resource's document is damaged; it is left out.", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// The checksum of a record's row, without the head of its time line.
    static func checksum(of record: ResourceRecord, document: UnsafeRawBufferPointer) -> Int64 {
        var checksum = RowChecksum(.resources)
        checksum.add(record.key.rawValue)
        checksum.add(record.position.rawValue)
        checksum.add(record.deleted?.milliseconds)
        checksum.add(record.cloud)
        checksum.add(record.type)
        checksum.add(record.id)
        checksum.add(record.state)
        checksum.add(document)
        return checksum.value
    }

    static let insertion = """
        INSERT OR REPLACE INTO resources(key, latest, position, deleted, cloud, type, id, state, document, checksum)
        VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

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
                "The document of resource \(key) is damaged; run `martlet store check`.",
                underlying: error
            )
        }
    }
}
