package import Martlet
package import MartletPipeline
import Synchronization

extension SQLiteEventStore {
    /// Events whose resources are indexed at once: a read transaction of some ten milliseconds. The more there are, the more
    /// often the same resource is among them and is read once for all.
    private static let textPage = 10_000
    /// Resources that are indexed at once where they are gone through by their keys.
    private static let textScanPage = 2_000

    package func searchResources(
        _ text: String,
        type: String?,
        cloud: String?,
        state: String?,
        limit: Int
    ) async throws -> (resources: [ResourceRecord], indexedThrough: Position) {
        do {
            guard let query = TextQuery.make(text) else { return ([], try await textIndex.indexedThrough()) }
            let found = try await textIndex.keys(
                matching: query,
                type: type,
                cloud: cloud,
                state: state,
                limit: limit
            )
            let records = try await resources(withKeys: found.keys)
            // The text trails: a state that has changed since is the store's, not the index's.
            return (
                found.keys.compactMap { records[$0] }.filter { state == nil || $0.state == state }, found.through
            )
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    package func resourceCandidates(
        _ text: String,
        type: String?,
        cloud: String?,
        after key: ResourceKey?,
        span: Int
    ) async throws -> ResourceCandidates {
        do {
            let found = try await textIndex.keys(
                matching: TextQuery.make(text),
                type: type,
                cloud: cloud,
                after: key?.rawValue ?? 0,
                span: span
            )
            let records = try await resources(withKeys: found.keys)
            return ResourceCandidates(
                records: found.keys.compactMap { records[$0] },
                next: found.last,
                indexedThrough: found.through
            )
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    /// Indexes the resources of the next events.
    ///
    /// - Returns: whether there are more.
    func indexTextPage() async throws -> Bool {
        do {
            let start = try await textIndex.indexedThrough()
            if let changed = textBacklog.take(after: start.rawValue) {
                try await indexText(of: changed.keys, through: changed.through, after: start)
                return false
            }
            let extent = try await logExtent()
            if start < extent.removedThrough { return try await scanForText(from: start, head: extent.head) }
            let logger = options.logger
            let (records, through, head) = try await read { database in
                let head = try RawStatement(database, SQLiteEventStore.headQuery).first { $0.integer(0) } ?? 0
                let events = try RawStatement(
                    database,
                    "SELECT position, resource FROM events WHERE position > ?1 ORDER BY position LIMIT ?2"
                )
                // Ahead of the log: the store is a backup from before, and everything is indexed again.
                events.bind(1, start.rawValue > head ? 0 : start.rawValue)
                events.bind(2, Int64(SQLiteEventStore.textPage))
                var keys: Set<Int64> = []
                var through = min(start.rawValue, head)
                try events.forEach { row in
                    through = row.integer(0)
                    if row.integer(1) != 0 { keys.insert(row.integer(1)) }
                    return true
                }
                let resource = try RawStatement(
                    database,
                    "SELECT \(ResourceRow.columns) FROM resources WHERE key = ?"
                )
                let records = try keys.sorted().compactMap { key in
                    resource.bind(1, key)
                    // One that is damaged keeps no other from being found.
                    return try resource.first { try ResourceRow.recordIfReadable($0, logger: logger) } ?? nil
                }
                return (records, through, head)
            }
            guard through != start.rawValue else { return false }
            try await textIndex.update(records, through: Position(rawValue: through))
            return through < head
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    /// Indexes the resources that are known to have changed behind a position: all that have up to another.
    private func indexText(of keys: Set<Int64>, through: Int64, after start: Position) async throws {
        guard through != start.rawValue || !keys.isEmpty else { return }
        do {
            var rest = keys.sorted()[...]
            repeat {
                let page = rest.prefix(SQLiteEventStore.textScanPage)
                rest = rest.dropFirst(page.count)
                let records =
                    page.isEmpty
                    ? [:] : try await resources(withKeys: page.map { ResourceKey(rawValue: $0) })
                let reached = rest.isEmpty ? Position(rawValue: through) : start
                try await textIndex.update(Array(records.values), through: reached)
            } while !rest.isEmpty
        } catch {
            textBacklog.giveBack(keys, after: start.rawValue, through: through)
            throw error
        }
    }

    /// Indexes the next resources in the order of their keys: the log begins behind the place up to which it has been followed.
    private func scanForText(from start: Position, head: Position) async throws -> Bool {
        var scan = textScan.withLock { $0 } ?? TextScan(through: head)
        let (key, logger) = (scan.key, options.logger)
        let (records, last, count) = try await read { database in
            let rows = try RawStatement(
                database,
                "SELECT \(ResourceRow.columns) FROM resources WHERE key > ?1 ORDER BY key LIMIT ?2"
            )
            rows.bind(1, key)
            rows.bind(2, Int64(SQLiteEventStore.textScanPage))
            var records: [ResourceRecord] = []
            var (last, count) = (key, 0)
            try rows.forEach { row in
                (last, count) = (row.integer(0), count + 1)
                if let record = try ResourceRow.recordIfReadable(row, logger: logger) { records.append(record) }
                return true
            }
            return (records, last, count)
        }
        let isLast = count < SQLiteEventStore.textScanPage
        try await textIndex.update(records, through: isLast ? scan.through : start)
        scan.key = last
        textScan.withLock { [scan] in $0 = isLast ? nil : scan }
        return true
    }
}
