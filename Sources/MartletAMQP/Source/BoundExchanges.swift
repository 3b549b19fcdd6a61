import Martlet

/// To which exchanges the queue was bound when they were last looked at, and which of them have gone since; pure.
struct BoundExchanges: Sendable {
    private var lastBound: [String: Timestamp] = [:]
    private var gone: Set<String> = []

    /// The queue is bound to it.
    ///
    /// - Returns: from when what was published to it may be missing; `nil` where it had not gone.
    mutating func isBound(_ exchange: String, at now: Timestamp) -> Timestamp? {
        defer { lastBound[exchange] = now }
        return gone.remove(exchange) == nil ? nil : lastBound[exchange]
    }

    /// It is not there, and neither is the binding to it.
    mutating func isMissing(_ exchange: String) {
        if lastBound[exchange] != nil { gone.insert(exchange) }
    }
}
