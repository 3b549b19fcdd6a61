import Martlet

/// When a failed delivery is tried again, and when it is given up.
package struct RetryPolicy: Sendable, Hashable {
    package enum Jitter: String, Sendable, CaseIterable {
        /// Between nothing and the whole delay, at random.
        case full
        case none
    }

    /// Tries of one event, the first included, before it becomes a dead letter.
    package var attempts = 12
    package var initialDelay = Duration.seconds(1)
    package var factor = 2.0
    package var maximumDelay = Duration.seconds(3_600)
    package var jitter = Jitter.full
    /// How long a destination may be unavailable before the forwarder pauses and asks for a decision.
    package var giveUpAfter = Duration.seconds(7 * 86_400)

    package init() {}

    /// How long to wait after a failure.
    ///
    /// - Parameters:
    ///   - failures: how many there have been, at least one.
    ///   - random: a number from 0 up to but not including 1.
    ///   - minimum: what the destination asked for (`Retry-After`), which is obeyed.
    package func delay(afterFailures failures: Int, random: Double, minimum: Duration?) -> Duration {
        var seconds = initialDelay.inSeconds
        // Repeated multiplication stops at the bound, so that no exponent overflows.
        for _ in 1..<max(failures, 1) where seconds < maximumDelay.inSeconds { seconds *= factor }
        seconds = min(seconds, maximumDelay.inSeconds)
        if jitter == .full { seconds *= random }
        return max(.nanoseconds(Int64(seconds * 1e9)), minimum ?? .zero)
    }
}
