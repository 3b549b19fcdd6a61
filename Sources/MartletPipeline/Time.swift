#if canImport(Glibc)
    import Glibc
    // Where a whole module is compiled at once, the compiler may take this for the module that `timespec` is of.
    import SwiftOverlayShims
#else
    import Darwin
#endif
package import Martlet

/// Where time comes from: a parameter, so that tests never sleep.
package protocol TimeSource: Sendable {
    /// The moment, in UTC.
    var now: Timestamp { get }

    /// A moment by a clock that nobody sets, for measuring how long something takes; its zero is arbitrary.
    var steadyNow: Timestamp { get }

    /// Returns after a while; throws `CancellationError` when the task is cancelled before.
    func sleep(for duration: Duration) async throws
}

/// One moment by two clocks.
package struct Moment: Sendable, Hashable {
    /// In UTC, by the clock that may be set: for what is stored, and for what is shown.
    package var clock: Timestamp
    /// By the clock that nobody sets: for how long something has taken.
    package var steady: Timestamp

    package init(clock: Timestamp, steady: Timestamp) {
        self.clock = clock
        self.steady = steady
    }
}

extension TimeSource {
    /// The moment by both clocks.
    package var moment: Moment { Moment(clock: now, steady: steadyNow) }
}

/// The system's clock.
package struct SystemTime: TimeSource {
    package init() {}

    package var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package var steadyNow: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
