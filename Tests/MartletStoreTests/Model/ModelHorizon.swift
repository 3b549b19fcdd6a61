import Martlet
import MartletPipeline

/// Which identities the store still knows (promise 4): those of a day's hours of running, an hour being forgotten as a whole.
///
/// An hour ends with the first commit after it, so it may be longer: a clock that leaps costs one hour at the most, and one that
/// is set back stands still. What was remembered within an hour is known for 24 full ones after it.
struct ModelHorizon<Identity: Hashable & Sendable>: Sendable {
    private static var hour: Duration { .seconds(3_600) }
    /// How much of its running time the store may forget when the process ends.
    private static var savingInterval: Duration { .seconds(60) }

    /// Newest last, each with the positions of what was stored in it.
    private var hours: [[Identity: Int64]] = [[:]]
    private var running = Duration.zero
    private var saved = Duration.zero
    private var counted: Timestamp?

    /// The process starts, and goes on with the running time that its last life has saved.
    mutating func start(at now: Timestamp) {
        running = saved
        counted = now
    }

    /// The store commits something, or tidies up.
    mutating func advance(to now: Timestamp) {
        running += max(.zero, now - (counted ?? now))
        counted = now
        if running >= Self.hour {
            hours.append([:])
            // The hour that has begun, and a day's.
            if hours.count > 25 { hours.removeFirst() }
            running = .zero
            saved = .zero
        } else if running - saved >= Self.savingInterval {
            saved = running
        }
    }

    func position(of identity: Identity) -> Int64? { hours.lazy.compactMap { $0[identity] }.first }

    mutating func remember(_ identity: Identity, at position: Int64) { hours[hours.count - 1][identity] = position }
}
