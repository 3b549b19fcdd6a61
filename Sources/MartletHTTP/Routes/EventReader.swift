import Martlet
import MartletClient
import MartletJSON
import MartletPipeline
import ServiceLifecycle

/// Reads the log for queries: in pages, bounded in what one request looks at and takes up.
struct EventReader: Sendable {
    /// What a query found.
    struct Page: Sendable {
        /// Oldest first.
        var events: [StoredEvent] = []
        /// Where to read on; `nil` when the head of the log, or the end of the time asked for, has been reached.
        var next: Position?
        /// The last position looked at: where somebody who follows the log reads on.
        var scanned: Position
        /// Where the log begins: what was before has been removed.
        var first = Position.zero
        /// Where this page began to look.
        var start = Position.zero
        /// Whether it has come upon an event after the time asked for: nothing that is still to come can be asked for.
        var isPastEnd = false

        /// Names the damaged events that lie in what the page has looked at: they are left out of it.
        func writeDamage(of damage: StoreDamage, into writer: inout JSONWriter) {
            let positions = damage.positions.filter { $0 > start && $0 <= scanned }
            guard !positions.isEmpty else { return }
            writer.key("damaged")
            writer.beginArray()
            for position in positions { writer.string(position.description) }
            writer.endArray()
        }
    }

    /// Payload bytes in one answer, but always one event.
    static let answerBudget = 8 << 20
    private static let pageLimit = 512
    private static let pageBytes = 4 << 20

    let store: any EventStore
    let dispatcher: Dispatcher
    let time: any TimeSource
    /// Events that one request looks at, at the most.
    var scanBudget = 20_000

    /// The events that a query asks for; waits for the first one where the query says so.
    func read(_ query: EventQuery) async throws -> Page {
        let extent = try await store.logExtent()
        var start = query.after
        // Who says where to read on has read up to there, and would else miss what is gone without a word.
        guard start == .zero || start >= extent.removedThrough else {
            throw Problem(
                .positionsRemoved,
                """
                The log begins at position \(extent.first): what lies between \(start) and there has been removed. Read on \
                with after=\(extent.removedThrough), or from the beginning without “after”.
                """,
                parameter: "after"
            )
        }
        start = max(start, extent.removedThrough)
        if let since = query.since { start = max(start, try await store.position(before: since)) }
        var page = try await scan(query, after: start)
        page.first = extent.first
        guard query.wait > .zero else { return page }
        let deadline = time.now + query.wait
        while page.events.isEmpty, !page.isPastEnd, time.now < deadline, !Task.isShuttingDownGracefully,
            !Task.isCancelled
        {
            if page.next == nil { await waitForHead(after: page.scanned, until: deadline) }
            page = try await scan(query, after: page.scanned)
            page.first = extent.first
        }
        return page
    }

    /// Ends at once when Martlet stops.
    private func waitForHead(after position: Position, until deadline: Timestamp) async {
        await cancelWhenGracefulShutdown {
            await dispatcher.waitForHead(after: position, atMost: deadline - time.now, time: time)
        }
    }

    private func scan(_ query: EventQuery, after start: Position) async throws -> Page {
        let head = dispatcher.head
        var page = Page(scanned: start, start: start)
        var looked = 0
        var bytes = 0
        while page.scanned < head {
            let limit = min(EventReader.pageLimit, scanBudget - looked)
            let events = try await store.page(
                after: page.scanned,
                limit: limit,
                maximumBytes: EventReader.pageBytes
            )
            if events.isEmpty {
                // What lay between here and the head has been removed.
                page.scanned = head
                return page
            }
            for event in events {
                if let until = query.until, let recorded = event.event.fields.recordedTime, recorded > until {
                    page.isPastEnd = true
                    return page
                }
                looked += 1
                if query.accepts(event.event) {
                    bytes += event.event.payload.original.count
                    if !page.events.isEmpty, bytes > EventReader.answerBudget {
                        page.next = page.scanned
                        return page
                    }
                    page.events.append(event)
                }
                page.scanned = event.position
                if page.events.count == query.limit || looked == scanBudget {
                    page.next = page.scanned < head ? page.scanned : nil
                    return page
                }
            }
        }
        return page
    }
}
