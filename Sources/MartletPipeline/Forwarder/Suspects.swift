import Martlet

/// Tells an event for which a destination is always unavailable from a destination that is away.
///
/// An event for which it is unavailable again, though it has taken others since, is to blame itself: then and each further time.
/// But where several find it unavailable one after the other, it is away; after an outage many have found it so once.
struct Suspects: Sendable {
    /// Failures in a row that speak against the destination.
    static let proof = 3

    private struct Suspect {
        /// What had been taken until then.
        var successes: Int
        var isBlamed = false
    }

    private var suspects: [Position: Suspect] = [:]
    /// What has been tried in vain since the destination last took something: the others go first.
    private(set) var tried: Set<Position> = []
    /// Events taken in this life of the process.
    private var successes = 0
    /// Failures since the last of them.
    private var failures = 0

    mutating func succeeded(_ count: Int) {
        successes += count
        failures = 0
        tried.removeAll()
    }

    /// Takes in that the destination was unavailable for a unit.
    ///
    /// - Returns: whether the unit is to blame.
    mutating func failed(_ positions: [Position]) -> Bool {
        defer { failures += 1 }
        if let known = suspects[positions[0]], known.isBlamed || known.successes < successes && failures < Self.proof {
            suspects[positions[0]]?.isBlamed = true
            return true
        }
        suspects[positions[0]] = Suspect(successes: successes)
        tried.formUnion(positions)
        return false
    }

    /// Of a unit that is to blame it is not known which event is: each half is under suspicion.
    mutating func divided(_ positions: [Position], into halves: [[Position]]) {
        let successes = suspects[positions[0]]?.successes ?? successes
        for half in halves { suspects[half[0]] = Suspect(successes: successes) }
    }

    /// All have been tried, and it begins again.
    mutating func beginRound() { tried.removeAll() }

    /// What has been concluded is no suspect any more.
    mutating func forget(_ position: Position) {
        // Looking something up in an empty dictionary costs its hash all the same.
        if !suspects.isEmpty { suspects[position] = nil }
        if !tried.isEmpty { tried.remove(position) }
    }
}
