import NIOCore

/// Which connections there are and what they do, and which has to go when there are too many. Pure.
///
/// A connection without a request is nobody's loss: whoever opened it opens another when there is something to ask. So they
/// keep nobody out, however many there are; only requests under way do.
struct ConnectionTable<ID: Hashable & Sendable>: Sendable {
    /// What becomes of a connection that has been opened.
    enum Admission: Equatable, Sendable {
        case welcome
        /// There is room where this one is closed, which has waited longest.
        case welcomeInstead(of: ID)
        /// All others have a request under way.
        case refused
    }

    private struct Connection {
        /// Since when it has been without a request, or has not sent the whole head of one; `nil` while one is under way.
        var waitingSince: NIODeadline?
        /// Since when the client has not read on; `nil` where it does.
        var stuckSince: NIODeadline?
    }

    private let maximum: Int
    private let patience: TimeAmount
    private var connections: [ID: Connection] = [:]

    /// - Parameters:
    ///   - maximum: connections at once.
    ///   - patience: how long one may wait, and how long its client may leave an answer unread.
    init(maximum: Int, patience: TimeAmount) {
        self.maximum = maximum
        self.patience = patience
    }

    var count: Int { connections.count }

    mutating func open(_ id: ID, at now: NIODeadline) -> Admission {
        guard connections.count >= maximum else {
            connections[id] = Connection(waitingSince: now)
            return .welcome
        }
        let waiting = connections.compactMap { id, connection in connection.waitingSince.map { (id, $0) } }
        guard let (oldest, _) = waiting.min(by: { $0.1 < $1.1 }) else { return .refused }
        connections[oldest] = nil
        connections[id] = Connection(waitingSince: now)
        return .welcomeInstead(of: oldest)
    }

    mutating func close(_ id: ID) { connections[id] = nil }

    /// The head of a request has come.
    mutating func begin(_ id: ID) { connections[id]?.waitingSince = nil }

    /// The answer to it has been handed to the network.
    mutating func end(_ id: ID, at now: NIODeadline) { connections[id]?.waitingSince = now }

    /// Whether the client takes what is written to it.
    mutating func isTaking(_ isTaking: Bool, _ id: ID, at now: NIODeadline) {
        connections[id]?.stuckSince = isTaking ? nil : now
    }

    /// When to look at a connection again; `nil` where its time is over.
    func deadline(of id: ID, at now: NIODeadline) -> NIODeadline? {
        guard let connection = connections[id] else { return nil }
        let since = [connection.waitingSince, connection.stuckSince].compactMap { $0 }.min() ?? now
        let deadline = since + patience
        return deadline > now ? deadline : nil
    }
}
