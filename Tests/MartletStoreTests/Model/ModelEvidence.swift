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

    /// It is to be delivered once more.
    mutating func forgetDelivery(of position: Int64) { seen[position]?.deliveredIn = nil }

    /// - Parameters:
    ///   - isItsOwn: the answer is about this event alone.
    ///   - attempts: how often an event is tried.
    ///   - life: of the process, counted.
    mutating func note(_ answer: DeliveryOutcome, _ position: Int64, isItsOwn: Bool, attempts: Int, life: Int) {
        var event = seen[position, default: Seen()]
        switch answer {
        case .delivered:
            event.deliveredIn = life
            successes += 1
        case .retry: event.failures += 1
        case .reject: event.mayBeDead = event.mayBeDead || isItsOwn
        case .unavailable:
            // It costs an attempt only where others got through since the last time.
            if let before = event.successesWhenUnavailable, successes > before { event.failures += 1 }
            event.successesWhenUnavailable = successes
        case .gone, .untried: break
        }
        if event.failures >= attempts { event.mayBeDead = true }
        seen[position] = event
    }
}
