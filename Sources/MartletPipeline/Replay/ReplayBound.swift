package import Martlet

/// Where a replay begins or ends, as people say it.
package enum ReplayBound: Sendable, Hashable {
    case position(Position)
    /// By when events were committed.
    case time(Timestamp)
    /// The first event that there is, or the last.
    case edge

    /// Reads a position, a time in RFC 3339, or a duration back from now.
    ///
    /// - Parameter edge: the words that stand for the edge of the log.
    package init?(_ text: String, edge: [String], now: Timestamp) {
        if edge.contains(text) {
            self = .edge
        } else if let position = Position(text) {
            self = .position(position)
        } else if let time = Timestamp(text) {
            self = .time(time)
        } else if let duration = Duration(text: text) {
            self = .time(Timestamp(nanoseconds: now.nanoseconds - duration.nanoseconds))
        } else {
            return nil
        }
    }
}

extension EventLog {
    /// The events from one bound through another: positions are included, of times the second is not.
    ///
    /// - Throws: ``ReplayError`` `.invalid` where there are none.
    package func replayRange(from: ReplayBound, to: ReplayBound) async throws -> ClosedRange<Position> {
        let head = try await head()
        guard head > .zero else { throw ReplayError(.invalid, "The log is empty.", field: "from") }
        let first: Position
        switch from {
        case .position(let position): first = max(position, Position(rawValue: 1))
        case .time(let time): first = try await position(before: time).advanced(by: 1)
        case .edge: first = try await page(after: .zero, limit: 1, maximumBytes: 0).first?.position ?? head
        }
        let last: Position
        switch to {
        case .position(let position): last = position
        case .time(let time): last = try await position(before: time)
        case .edge: last = head
        }
        guard last <= head else {
            throw ReplayError(.invalid, "“to” is \(last), and the log ends at \(head).", field: "to")
        }
        guard first <= head else {
            throw ReplayError(.invalid, "“from” lies after the last event of the log, \(head).", field: "from")
        }
        guard first <= last else {
            if case .position = from, case .position = to {
                throw ReplayError(.invalid, "“from” (\(first)) lies after “to” (\(last)).", field: "from")
            }
            throw ReplayError(.invalid, "There are no events from “from” to “to”.", field: "from")
        }
        return first...last
    }
}
