import Martlet

/// Which failures of a forwarder are worth a line in the log: the first, then one a minute that says how many there were.
///
/// Pure: time goes in, and what to say comes out.
struct FailureLog: Sendable {
    /// What to say.
    enum Line: Sendable, Hashable {
        /// There have been so many failures since the last line, this one included.
        case failure(count: Int)
        /// A destination that took nothing takes events again, after so many failures.
        case recovery(count: Int)
    }

    static let interval = Duration.seconds(60)

    private var lastLine: Timestamp?
    /// Failures since the last line.
    private var unsaid = 0
    /// Failures since the destination took events, and whether a line has said that it is unavailable.
    private var sinceSuccess = 0
    private var isSaidToBeUnavailable = false

    /// The line that is due now; `nil` where none is.
    ///
    /// - Parameters:
    ///   - failure: what went wrong, `nil` where everything was taken.
    ///   - now: the moment, by a clock that nobody sets.
    mutating func line(for failure: DeliveryOutcome.Failure.Kind?, now: Timestamp) -> Line? {
        guard let failure else { return recovery() }
        unsaid += 1
        sinceSuccess += 1
        // A destination that is gone pauses the forwarder: somebody has to act, and no other line would follow.
        if let lastLine, now - lastLine < Self.interval, failure != .gone { return nil }
        lastLine = now
        if failure == .unavailable { isSaidToBeUnavailable = true }
        defer { unsaid = 0 }
        return .failure(count: unsaid)
    }

    /// Told where the trouble was, and so never more often.
    private mutating func recovery() -> Line? {
        defer { (sinceSuccess, isSaidToBeUnavailable) = (0, false) }
        return isSaidToBeUnavailable ? .recovery(count: sinceSuccess) : nil
    }
}

extension DeliveryOutcome {
    /// What went wrong, in the receiver's words.
    struct Failure: Sendable, Hashable {
        enum Kind: Sendable, Hashable { case retry, reject, unavailable, gone }

        var kind: Kind
        var reason: String
    }

    /// `nil` where nothing went wrong, or nothing was tried.
    var failure: Failure? {
        switch self {
        case .delivered, .untried: nil
        case .retry(let reason, _): Failure(kind: .retry, reason: reason)
        case .reject(let reason): Failure(kind: .reject, reason: reason)
        case .unavailable(let reason, _): Failure(kind: .unavailable, reason: reason)
        case .gone(let reason): Failure(kind: .gone, reason: reason)
        }
    }
}
