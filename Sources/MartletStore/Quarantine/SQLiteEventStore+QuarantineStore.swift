import Logging
import Martlet
package import MartletPipeline

extension SQLiteEventStore {
    package func quarantined(
        source: String?,
        after id: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [QuarantinedItem] {
        let logger = options.logger
        return try await read { database in
            let statement = try RawStatement(
                database,
                """
                SELECT id, source, received, reason, routing_key, headers, bytes FROM quarantine
                WHERE id > ?1 AND (?2 IS NULL OR source = ?2) ORDER BY id
                """
            )
            statement.bind(1, id)
            statement.bind(2, source)
            var items: [QuarantinedItem] = []
            guard limit > 0 else { return [] }
            var bytes = 0
            try statement.forEach { row in
                bytes += row.bytes(6).count
                if !items.isEmpty, bytes > maximumBytes { return false }
                do {
                    items.append(try QuarantinedItem(row))
                } catch let error as StoreError where error.code == .damaged {
                    logger.error("An item of the quarantine is left out.", metadata: ["error": "\(error)"])
                }
                return items.count < limit
            }
            return items
        }
    }

    package func quarantineCounts() async throws -> [String: Int] {
        try await read { database in
            var counts: [String: Int] = [:]
            try RawStatement(database, "SELECT source, count(*) FROM quarantine GROUP BY source").forEach { row in
                counts[row.text(0)] = Int(row.integer(1))
                return true
            }
            return counts
        }
    }
}

extension QuarantinedItem {
    /// The item of the row that a statement stands on.
    fileprivate init(_ row: RawStatement) throws {
        let id = row.integer(0)
        var headers: [String: String] = [:]
        do {
            var reader = FieldReader(row.bytes(5))
            while let name = try reader.next(), let value = try reader.next() { headers[name.text] = value.text }
        } catch {
            throw StoreError(.damaged, "The item \(id) of the quarantine is damaged; run `martlet store check`.")
        }
        self.init(
            id: id,
            source: row.text(1),
            receivedTime: Timestamp(milliseconds: row.integer(2)),
            draft: QuarantineDraft(
                bytes: [UInt8](row.bytes(6))[...],
                reason: row.text(3),
                routingKey: row.optionalText(4),
                headers: headers
            )
        )
    }
}
