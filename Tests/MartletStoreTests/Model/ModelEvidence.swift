import Martlet
import MartletPipeline

/// What a destination's answers say of each event that it was handed.
struct ModelEvidence: Sendable {
    private struct Seen {
        /// The last life of the process in which it was taken.
        var deliveredIn: Int?
        var mayBeDead = false
        var failures = 0
        /// The successes that the destination had seen when this event found it unavailable.
        var successesWhenUnavailable: Int?
    }

    private var seen: [Int64: Seen] = [:]
    private var successes = 0

    /// Of all events that it was handed.
    var positions: [Int64] { Array(seen.keys) }

    func isDelivered(_ position: Int64) -> Bool { seen[position]?.deliveredIn != nil }

    func isDelivered(_ position: Int64, in life: Int) -> Bool { seen[position]?.deliveredIn == life }

    /// Whether it was rejected, or failed as often as it may.
    func mayBeDead(_ position: Int64) -> Bool { seen[position]?.mayBeDead ?? false }

    /// Whether it was ever handed over.
    func hasMet(_ position: Int64) -> Bool { seen[position] != nil }

    /// Whether it was handed over and has not simply been taken.
    func hasFailed(_ position: Int64) -> Bool {
        seen[position].map { $0.failures > 0 || $0.mayBeDead || $0.deliveredIn == nil } ?? false
    }

    /// Whether the answers of an entry that is not noted yet say that the destination is away, and not that its first event is
    /// to blame.
    func isAway(_ entry: JournalEntry) -> Bool {
        guard let first = entry.positions.first?.rawValue, entry.isUnavailable else { return false }
        return seen[first]?.successesWhenUnavailable.map { $0 == successes } ?? true
    }

    /// It is to be delivered once more.
    mutating func forgetDelivery(of position: Int64) { seen[position]?.deliveredIn = nil }

    /// Takes what an entry's events were answered.
    ///
    /// - Parameters:
    ///   - attempts: how often an event is tried.
    ///   - life: of the process, counted.
    mutating func note(_ entry: JournalEntry, _ delivery: SinkDelivery, attempts: Int, life: Int) {
        // An atomic batch that is rejected is tried event by event, and its first event stands for all where the destination is
        // away; elsewhere each has an answer of its own.
        let isShared = entry.positions.count > 1 && (delivery.mode == .atomic || entry.isUnavailable)
        let isBlamed = isShared ? entry.positions.first.map { isToBlame($0.rawValue) } : nil
        if isBlamed == true, entry.isUnavailable { suspectHalves(of: entry.positions.map(\.rawValue)) }
        for (index, (position, answer)) in zip(entry.positions, entry.answers).enumerated() {
            note(
                answer,
                position.rawValue,
                isItsOwn: !isShared,
                isBlamed: isBlamed ?? isToBlame(position.rawValue),
                isRemembered: !isShared || index == 0,
                attempts: attempts,
                life: life
            )
        }
    }

    /// A batch that is to blame is divided, and each half is under the suspicion that the whole was.
    private mutating func suspectHalves(of positions: [Int64]) {
        let successes = seen[positions[0]]?.successesWhenUnavailable ?? 0
        let second = positions[(positions.count + 1) / 2]
        let known = seen[second]?.successesWhenUnavailable ?? successes
        seen[second, default: Seen()].successesWhenUnavailable = min(known, successes)
    }

    /// Whether the destination may have been away for this event before, and has taken others since: for how many it has been
    /// away in a row is not counted here.
    private func isToBlame(_ position: Int64) -> Bool {
        seen[position]?.successesWhenUnavailable.map { successes > $0 } ?? false
    }

    private mutating func note(
        _ answer: DeliveryOutcome,
        _ position: Int64,
        isItsOwn: Bool,
        isBlamed: Bool,
        isRemembered: Bool,
        attempts: Int,
        life: Int
    ) {
        var event = seen[position, default: Seen()]
        switch answer {
        case .delivered:
            event.deliveredIn = life
            successes += 1
        case .retry: event.failures += 1
        case .reject: event.mayBeDead = event.mayBeDead || isItsOwn
        case .unavailable:
            // It costs an attempt only where others got through since it was first so; from then on each time. Of several that
            // were sent together none has had an attempt of its own: they are divided.
            if isBlamed {
                if isItsOwn { event.failures += 1 }
            } else if isRemembered {
                event.successesWhenUnavailable = successes
            }
        case .gone, .untried: break
        }
        if event.failures >= attempts { event.mayBeDead = true }
        seen[position] = event
    }
}
