/// How many events a destination takes at once, learnt from its answers.
///
/// A unit for which it is unavailable, again and again, may be more than it takes in time: the next ones are smaller. What gets
/// through lets them grow again, slowly: to find the bound anew costs as many time-outs.
struct UnitSize: Sendable {
    /// Units of several events for which it was unavailable, one after the other, before they become smaller.
    static let patience = 3

    /// The bound that was learnt; `nil` where there is none.
    private(set) var learnt: Int?
    private var failures = 0

    /// The bound within that of the configuration.
    func limit(within configured: Int) -> Int { min(configured, learnt ?? configured) }

    /// So many events were taken at once.
    mutating func succeeded(_ count: Int, configured: Int) {
        failures = 0
        guard let learnt, count >= learnt else { return }
        let next = learnt + max(1, learnt / 16)
        self.learnt = next < configured ? next : nil
    }

    /// The destination was unavailable for a unit of so many events.
    ///
    /// - Returns: whether it is time for smaller ones.
    mutating func failed(_ count: Int) -> Bool {
        guard count > 1 else { return false }
        failures += 1
        guard failures >= Self.patience else { return false }
        failures = 0
        learnt = max(1, min(learnt ?? count, count) / 2)
        return true
    }
}

extension BatchOutcome {
    /// How many events were taken together, from the first one on.
    func taken(of count: Int) -> Int {
        switch self {
        case .whole(.delivered): count
        case .whole: 0
        case .each(let outcomes): outcomes.prefix { $0 == .delivered }.count
        }
    }
}
