import Martlet
import MartletPipeline
import Synchronization

/// A clock that goes on with every look at it, and by the whole of a sleep at once.
final class RestlessTime: TimeSource {
    private static let step = Duration.microseconds(37)
    private let moment = Mutex(Timestamp(seconds: 1_767_225_600))

    var now: Timestamp {
        moment.withLock { moment in
            moment = moment + RestlessTime.step
            return moment
        }
    }

    var steadyNow: Timestamp { now }

    func sleep(for duration: Duration) async throws {
        await Task.yield()
        try Task.checkCancellation()
        moment.withLock { $0 = $0 + duration }
    }
}
