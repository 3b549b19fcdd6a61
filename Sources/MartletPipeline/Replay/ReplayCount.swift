package import Martlet

/// What a replay would do with a stretch of the log, counted and not sent.
package struct ReplayCount: Sendable, Hashable {
    /// How far it has been counted.
    package var scanned: Position
    package var matched: Int64 = 0
    package var filtered: Int64 = 0
    /// No longer in the log.
    package var removed: Int64 = 0

    /// Events that are looked at before an answer is given.
    private static let limit = 20_000
    private static let pageLimit = 512
    private static let pageBytes = 1 << 20

    /// Counts from behind a position on, as far as one request may.
    ///
    /// - Parameter filters: all of them must accept an event.
    package init(
        after position: Position,
        through end: Position,
        filters: [EventFilter],
        in log: some EventLog
    ) async throws {
        scanned = position
        var count = 0
        while scanned < end, count < Self.limit, !Task.isCancelled {
            let page = try await log.page(after: scanned, limit: Self.pageLimit, maximumBytes: Self.pageBytes)
            let events = page.prefix { $0.position <= end }
            for event in events {
                removed += event.position.rawValue - scanned.rawValue - 1
                scanned = event.position
                if filters.allSatisfy({ $0.accepts(event.event) }) { matched += 1 } else { filtered += 1 }
            }
            if events.count < page.count || page.isEmpty {
                removed += end.rawValue - scanned.rawValue
                scanned = end
            }
            count += page.count
        }
    }
}
