import Martlet
import MartletClient

/// Finds where the newest events of a query begin, in a log that is read oldest first.
///
/// Without conditions that is arithmetic, for positions have no holes. With conditions it looks at stretches of the log, the newest
/// first, each twice as long as the one before. What would begin where events have been removed begins at the log's beginning.
struct LatestEvents {
    let server: ServerConnection
    let query: EventQuery
    /// The most positions to look at, so that a rare event does not make the server read its whole log.
    var bound: Int64 = 1_000_000

    /// What was found: the position after which the newest events begin.
    struct Start: Hashable {
        var position: Position
        /// How far back it looked, where it stopped there with fewer events than were wanted.
        var stoppedAfter: Int64?
    }

    func start(of count: Int) async throws -> Start {
        let extent = try await server.client.logExtent()
        let head = extent.head.rawValue
        guard count > 0 else { return Start(position: extent.head) }
        /// The place before so many events, 0 for the log's beginning: that is there, whatever is removed meanwhile.
        func place(_ distance: Int64, before end: Int64) -> Int64 {
            end - extent.first.rawValue < distance ? 0 : end - distance
        }
        let simple = place(Int64(count), before: head)
        guard !query.isEverything else { return Start(position: Position(rawValue: simple)) }

        var query = query
        query.body = "event"
        var end = head
        var length = max(1_000, 4 * min(Int64(count), bound))
        var missing = count
        while end > 0 {
            let begin = place(length, before: end)
            let found = try await positions(of: query, after: begin, through: end)
            // The event before the wanted ones is the last that is not shown.
            if found.count >= missing { return Start(position: Position(rawValue: found[found.count - missing] - 1)) }
            missing -= found.count
            end = begin
            length *= 2
            if end > 0, head - end >= bound {
                return Start(position: Position(rawValue: end), stoppedAfter: head - end)
            }
        }
        return Start(position: .zero)
    }

    /// The positions of the events that match in a stretch, rising.
    private func positions(of query: EventQuery, after begin: Int64, through end: Int64) async throws -> [Int64] {
        var found: [Int64] = []
        var after = begin
        while after < end {
            let page = try await server.client.events(
                query,
                after: Position(rawValue: after),
                limit: APIClient.largestPage
            )
            let positions = page.events.compactMap { ListedEvent(json: $0).position?.rawValue }
            found.append(contentsOf: positions.prefix { $0 <= end })
            guard let next = page.next?.rawValue, next > after else { break }
            after = next
        }
        return found
    }
}
