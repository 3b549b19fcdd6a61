import Martlet

/// Spreads events evenly over time.
struct DemoPace {
    /// From one event to the next.
    private let interval: Duration
    /// When the next event is due.
    private var due: Timestamp?

    /// - Parameter rate: events a second, above zero.
    init(rate: Double) { interval = .seconds(1 / rate) }

    /// How long to wait before so many events go; `.zero` for the first, and for any that is late already.
    ///
    /// Time that was lost is not made up for: a server that was slow is not flooded afterwards.
    mutating func wait(before count: Int, at now: Timestamp) -> Duration {
        let start = max(due ?? now, now)
        due = start + interval * count
        return start - now
    }
}
