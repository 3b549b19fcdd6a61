package import Martlet
package import MartletPipeline

extension SQLiteEventStore {
    package func resources(type: String, id: String, cloud: String?) async throws -> [ResourceRecord] {
        let naming = naming
        return try await read { database in
            // Without a cloud each cloud that the index knows is tried: they are few, and need no index of their own.
            var clouds: [String] = []
            if let cloud {
                clouds = [cloud]
            } else {
                try RawStatement(database, "SELECT cloud FROM clouds ORDER BY cloud").forEach { row in
                    clouds.append(row.text(0))
                    return true
                }
            }
            let statement = try RawStatement(
                database,
                "SELECT \(ResourceRow.columns) FROM resources WHERE key = ?"
            )
            var found: [ResourceRecord] = []
            for cloud in clouds {
                var key = naming.firstKey(cloud: cloud, type: type, id: id)
                while true {
                    statement.bind(1, key)
                    guard let record = try statement.first(ResourceRow.record) else { break }
                    if record.id == id, record.type == type, record.cloud == cloud {
                        found.append(record)
                        break
                    }
                    key = naming.nextKey(after: key)
                }
            }
            return found
        }
    }

    package func resources(withKeys keys: [ResourceKey]) async throws -> [ResourceKey: ResourceRecord] {
        let logger = options.logger
        return try await read { database in
            let statement = try RawStatement(
                database,
                "SELECT \(ResourceRow.columns) FROM resources WHERE key = ?"
            )
            var found: [ResourceKey: ResourceRecord] = [:]
            for key in keys {
                statement.bind(1, key.rawValue)
                found[key] = try statement.first { try ResourceRow.recordIfReadable($0, logger: logger) } ?? nil
            }
            return found
        }
    }

    /// In the order of the keys: no index leads from a cloud to its resources, because each would cost every event.
    package func indexEntries(
        of cloud: String,
        after key: ResourceKey?,
        limit: Int
    ) async throws -> (next: ResourceKey?, entries: [IndexEntry]) {
        try await read { database in
            let rows = try RawStatement(
                database,
                "SELECT key, latest, deleted, cloud, type, id FROM resources WHERE key > ?1 ORDER BY key LIMIT ?2"
            )
            rows.bind(1, key?.rawValue ?? 0)
            rows.bind(2, Int64(limit))
            var entries: [IndexEntry] = []
            var looked = 0
            var last: Int64 = 0
            try rows.forEach { row in
                looked += 1
                last = row.integer(0)
                if row.isNull(2), row.text(3) == cloud {
                    entries.append(
                        IndexEntry(
                            key: ResourceKey(rawValue: last),
                            resource: ResourceReference(type: row.text(4), id: row.text(5)),
                            latest: Position(rawValue: row.integer(1))
                        )
                    )
                }
                return true
            }
            return (looked == limit ? ResourceKey(rawValue: last) : nil, entries)
        }
    }

    /// Walks from the resource's latest event back, from each to the one before.
    package func timeline(
        of key: ResourceKey,
        before position: Position?,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [StoredEvent] {
        let (fragments, instance, ledger) = (fragments, instance, ledger)
        return try await read { database in
            let decoder = EventDecoder(database, fragments: fragments, instance: instance)
            let link = try RawStatement(database, "SELECT prev FROM events WHERE position = ?1 AND resource = ?2")
            let event = try RawStatement(
                database,
                "SELECT \(EventRow.columns) FROM events WHERE position = ?1 AND resource = ?2"
            )
            let head = try RawStatement(database, "SELECT latest FROM resources WHERE key = ?")
            var events: [StoredEvent] = []
            head.bind(1, key.rawValue)
            var next = try head.first { $0.integer(0) } ?? 0
            if let position {
                // One of the resource's own is where the last page ended: the walk goes on from there.
                link.bind(1, position.rawValue)
                link.bind(2, key.rawValue)
                if let previous = try link.first({ $0.integer(0) }) {
                    next = previous
                } else {
                    while next != 0, next >= position.rawValue {
                        link.bind(1, next)
                        link.bind(2, key.rawValue)
                        next = try link.first { $0.integer(0) } ?? 0
                    }
                }
            }
            // What retention has removed ends the line, and so does a damaged event, whose link nobody can trust.
            var bytes = 0
            while next != 0, events.count < limit {
                event.bind(1, next)
                event.bind(2, key.rawValue)
                guard let found = try event.first({ try ledger.wholeEvent($0, decoder) }) ?? nil else { break }
                bytes += found.event.event.payload.original.count
                if !events.isEmpty, bytes > maximumBytes { break }
                events.append(found.event)
                next = found.previous
            }
            return events
        }
    }
}
