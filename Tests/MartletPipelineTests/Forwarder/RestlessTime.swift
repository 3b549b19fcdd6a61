import Martlet
import MartletPipeline
import Synchronization

/// A clock that goes on with every look at it, and by the whole of a sleep at once.
final class RestlessTime: TimeSource {
    private static let step = Duration.microseconds(37)
    private let moment = Mutex(Timestamp(seconds: 1_767_225_600))
    private let sleeps = Atomic(0)

    /// How often somebody has slept.
    var sleepCount: Int { sleeps.load(ordering: .relaxed) }

    var now: Timestamp {
        moment.withLock { moment in
            moment = moment + RestlessTime.step
            return moment
        }
    }

    var steadyNow: Timestamp { now }

    func sleep(for duration: Duration) async throws {
        sleeps.add(1, ordering: .relaxed)
        await Task.yield()
        try Task.checkCancellation()
        moment.withLock { $0 = $0 + duration }
    }
}
