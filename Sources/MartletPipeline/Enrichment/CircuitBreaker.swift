import Martlet

/// Leaves alone whoever fails again and again: a value, without a clock.
///
/// After so many failures in a row nothing is asked for a while; then one question tries whether it is over, and the while
/// doubles each time that it is not.
struct CircuitBreaker: Sendable, Hashable {
    /// Failures in a row that open it.
    static let threshold = 5
    static let shortestPause = Duration.seconds(5)
    static let longestPause = Duration.seconds(300)

    private(set) var failures = 0
    private var pause = CircuitBreaker.shortestPause
    /// Until when nothing is asked, where it is open.
    private(set) var openUntil: Timestamp?
    private var isTrying = false

    /// Whether a question may be asked now. Where it is open and its time is over, the one who is told so is the one who tries.
    mutating func mayAsk(now: Timestamp) -> Bool {
        guard let openUntil else { return true }
        guard now >= openUntil, !isTrying else { return false }
        isTrying = true
        return true
    }

    mutating func succeed() { self = CircuitBreaker() }

    /// - Parameter retryAfter: what the other side asked for.
    mutating func fail(now: Timestamp, retryAfter: Duration? = nil) {
        failures += 1
        if isTrying {
            isTrying = false
            pause = min(pause * 2, CircuitBreaker.longestPause)
        } else if openUntil != nil {
            // One that was under way when it opened says nothing new.
            return
        } else if failures < CircuitBreaker.threshold, retryAfter == nil {
            return
        }
        openUntil = now + max(pause, min(retryAfter ?? .zero, CircuitBreaker.longestPause))
    }

    /// A question that was neither answered nor failed: the one who asked was told to stop.
    mutating func withdraw() { isTrying = false }
}
