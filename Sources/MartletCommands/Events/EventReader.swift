import Martlet
import MartletClient
import MartletJSON

/// Reads pages of events forwards and, where it follows, waits for more and outlives the server's restarts.
struct EventReader {
    let server: ServerConnection
    let query: EventQuery
    let context: CommandContext

    /// How long the server may hold a request of a follower; below the 30 seconds that it allows.
    private static let wait = Duration.seconds(25)
    private static let leastWait = Duration.seconds(1)

    /// Hands over the events after a position, page by page.
    ///
    /// - Parameters:
    ///   - start: nil for the log's beginning.
    ///   - limit: the most events; nil for all there are.
    func read(after start: Position?, limit: Int?, show: ([JSONValue]) throws -> Void) async throws {
        var position = start
        var room = limit ?? .max
        while room > 0 {
            let page = try await server.client.events(query, after: position, limit: min(room, APIClient.largestPage))
            try show(page.events)
            room -= page.events.count
            guard let next = page.next else { return }
            position = try advance(position, to: next)
        }
    }

    /// Hands over the events after a position, and all that come, until the task is cancelled.
    func follow(after start: Position?, show: ([JSONValue]) throws -> Void) async throws {
        var position = start
        var isAtHead = false
        var hasAnswered = false
        var outage = Outage()
        while true {
            let page: EventPage
            let asked = context.clock.now()
            do {
                page = try await server.client.events(
                    query,
                    after: position,
                    limit: APIClient.largestPage,
                    wait: isAtHead ? Self.wait : .zero
                )
            } catch {
                guard hasAnswered, error.isPassing else { throw error }
                try await pause(&outage, after: error)
                continue
            }
            if let since = outage.end() {
                try context.note("Connected again after \(Measures.duration(context.clock.now() - since)).")
            }
            hasAnswered = true
            try show(page.events)
            // A server, or a proxy, that does not hold the request must not be asked without a pause.
            if isAtHead, page.events.isEmpty, context.clock.now() - asked < Self.leastWait {
                try await context.sleep(Self.leastWait)
            }
            isAtHead = page.next == nil
            if let next = page.next {
                position = try advance(position, to: next)
            } else {
                position = page.scanned ?? page.events.last.flatMap { ListedEvent(json: $0).position } ?? position
            }
        }
    }

    private func pause(_ outage: inout Outage, after error: ClientError) async throws {
        let delay = outage.delay(from: context.clock.now())
        if outage.attempts == 1 {
            try context.note("Lost the server at \(server.location.address): \(error.message) Trying again.")
        }
        try await context.sleep(max(delay, error.retryAfter ?? .zero))
    }

    private func advance(_ position: Position?, to next: Position) throws -> Position {
        guard next > position ?? Position(rawValue: -1) else {
            throw CommandFailure("The server sent a page that leads nowhere: after \(next) again.")
        }
        return next
    }
}

/// A stretch of time without a server.
struct Outage: Hashable {
    private(set) var attempts = 0
    private var start: Timestamp?

    /// How long to wait before the next attempt: one second, then twice as long each time, up to half a minute.
    mutating func delay(from now: Timestamp) -> Duration {
        if start == nil { start = now }
        attempts += 1
        return .seconds(min(30, 1 << min(attempts - 1, 5)))
    }

    /// Ends it; the moment it began, nil where there was none.
    mutating func end() -> Timestamp? {
        defer { self = Outage() }
        return start
    }
}

extension ClientError {
    /// Whether it may be over in a while, without anybody doing anything.
    var isPassing: Bool { code == .unreachable || code == .unavailable || (status ?? 0) >= 500 }
}
