import Martlet

/// How many events a second may go: a bucket of tokens, with what time is passed in.
///
/// It may be overdrawn by the last batch that went, which the next ones wait for: over any longer time the rate holds, and a
/// burst is never larger than the bucket and one batch.
struct RateLimit: Sendable, Hashable {
    /// Events a second; `nil` where there is no limit.
    let rate: Int?
    /// What the bucket holds: as much as goes in a tenth of a second.
    let burst: Int
    private var tokens: Double
    private var filledAt: Timestamp?

    init(rate: Int?) {
        self.rate = rate
        burst = rate.map { max(1, $0 / 10) } ?? .max
        tokens = 1
    }

    /// How long it is until something may go; `nil` where it may now.
    mutating func delay(now: Timestamp) -> Duration? {
        guard let rate else { return nil }
        fill(rate, now: now)
        guard tokens < 1 else { return nil }
        // Rounded up, so that one wait is enough.
        return .nanoseconds(Int64((1 - tokens) / Double(rate) * 1e9) + 1)
    }

    /// Notes that this many events go now.
    mutating func spend(_ count: Int) {
        if rate != nil { tokens -= Double(count) }
    }

    private mutating func fill(_ rate: Int, now: Timestamp) {
        defer { filledAt = now }
        // A clock that went back gives nothing.
        guard let filledAt, now > filledAt else { return }
        tokens = min(Double(burst), tokens + (now - filledAt).inSeconds * Double(rate))
    }
}
