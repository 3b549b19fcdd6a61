package import Martlet
package import MartletPipeline

extension SQLiteEventStore {
    /// Walks from each resource's latest event back, as its time line does; what lies behind the end is only stepped over.
    package func latestEvents(
        _ searches: [LatestEventSearch],
        through: Position,
        acceptedBy filter: EventFilter,
        limit: Int
    ) async throws -> [LatestEventSearch] {
        let (fragments, instance, ledger) = (fragments, instance, ledger)
        return try await read { database in
            let decoder = EventDecoder(database, fragments: fragments, instance: instance)
            let head = try RawStatement(database, "SELECT latest FROM resources WHERE key = ?")
            let link = try RawStatement(database, "SELECT prev FROM events WHERE position = ?1 AND resource = ?2")
            let event = try RawStatement(
                database,
                "SELECT \(EventRow.columns) FROM events WHERE position = ?1 AND resource = ?2"
            )
            var searches = searches
            var rest = limit
            /// The event before the one at `next`, or the one that was found.
            func step(_ search: inout LatestEventSearch, from next: Int64) throws -> Int64 {
                let statement = next > through.rawValue ? link : event
                statement.bind(1, next)
                statement.bind(2, search.key.rawValue)
                if next > through.rawValue { return try link.first { $0.integer(0) } ?? 0 }
                // A damaged event, whose link nobody can trust, ends the search: in doubt an event is sent.
                guard let read = try event.first({ try ledger.wholeEvent($0, decoder) }) ?? nil else { return 0 }
                if filter.accepts(read.event.event) { search.found = Position(rawValue: next) }
                return read.previous
            }
            for index in searches.indices where !searches[index].isOver && rest > 0 {
                rest -= 1
                head.bind(1, searches[index].key.rawValue)
                var next = try searches[index].next?.rawValue ?? head.first { $0.integer(0) } ?? 0
                while searches[index].found == nil, next > searches[index].after.rawValue, rest > 0 {
                    rest -= 1
                    next = min(next - 1, try step(&searches[index], from: next))
                }
                searches[index].next = Position(rawValue: next)
                searches[index].isOver = searches[index].found != nil || next <= searches[index].after.rawValue
            }
            return searches
        }
    }
}
