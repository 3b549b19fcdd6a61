package import Martlet

/// The search for the last event of a resource that somebody wants: from its newest event back, and in several goes.
package struct LatestEventSearch: Sendable, Hashable {
    package let key: ResourceKey
    /// The search ends here: what is asked is whether there is one behind this position.
    package let after: Position
    /// Where it goes on; `nil` where it has not begun.
    package var next: Position?
    /// The last one; `nil` where there is none, or none has been found yet.
    package var found: Position?
    package var isOver = false

    package init(_ key: ResourceKey, after: Position) {
        self.key = key
        self.after = after
    }
}

extension ResourceIndex {
    /// By the time lines; a store that can do it in one reading does so.
    package func latestEvents(
        _ searches: [LatestEventSearch],
        through: Position,
        acceptedBy filter: EventFilter,
        limit: Int
    ) async throws -> [LatestEventSearch] {
        var searches = searches
        for index in searches.indices where !searches[index].isOver {
            let end = through.advanced(by: 1)
            let line = try await timeline(
                of: searches[index].key,
                before: searches[index].next.map { min($0, end) } ?? end,
                limit: limit,
                maximumBytes: .max
            )
            for event in line where !searches[index].isOver {
                searches[index].next = event.position
                if event.position <= searches[index].after {
                    searches[index].isOver = true
                } else if filter.accepts(event.event) {
                    searches[index].found = event.position
                    searches[index].isOver = true
                }
            }
            if line.count < limit { searches[index].isOver = true }
        }
        return searches
    }
}
