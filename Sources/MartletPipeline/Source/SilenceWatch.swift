package import Logging
import Martlet

/// Raises an alert when a source has been silent for longer than it was expected to be, and another when it speaks again.
///
/// A pure look at the clock and the monitor, so that nothing is asked of the source itself. The time before Martlet started
/// does not count.
package struct SilenceWatch: Sendable {
    private let port: SourcePort
    private let bound: Duration
    private let time: any TimeSource
    private let logger: Logger

    /// - Parameter bound: how long the source may be silent.
    package init(port: SourcePort, expectEvery bound: Duration, time: any TimeSource, logger: Logger) {
        self.port = port
        self.bound = bound
        self.time = time
        self.logger = logger
    }

    /// Watches until the task is cancelled.
    package func run() async throws {
        let started = time.now
        var isSilent = false
        while true {
            let last = max(port.monitor.snapshot.lastReceived ?? started, started)
            let silence = time.now - last
            var hasFailed = false
            if isSilent != (silence >= bound) {
                let alert = isSilent ? resumed : silent(since: last)
                do {
                    try await port.raise(alert)
                    isSilent.toggle()
                    port.monitor.warn("silent", isSilent ? problem(since: last) : nil)
                } catch {
                    hasFailed = true
                    logger.warning(
                        "An alert could not be committed; it is tried again.",
                        metadata: ["source": "\(port.name)", "error": "\(error)"]
                    )
                }
            }
            // Not longer than the rest of the bound, nor shorter than is worth while.
            let rest = isSilent ? min(bound, .seconds(1)) : bound - silence
            try await time.sleep(for: max(hasFailed ? .seconds(10) : .milliseconds(100), rest))
        }
    }

    private func silent(since last: Timestamp) -> SourceAlert {
        SourceAlert(
            .silent,
            "Nothing has come from \(port.name) since \(Self.seconds(last)), longer than the \(bound.text) in which something is expected.",
            details: ["since": last.description, "expectevery": bound.text]
        )
    }

    /// A moment as people write it, without fractions of a second.
    private static func seconds(_ time: Timestamp) -> Timestamp {
        Timestamp(seconds: time.nanoseconds / 1_000_000_000)
    }

    private var resumed: SourceAlert {
        SourceAlert(.resumed, "\(port.name) speaks again.", details: ["expectevery": bound.text])
    }

    private func problem(since last: Timestamp) -> SourceMonitor.Problem {
        SourceMonitor.Problem(
            "nothing has come since \(Self.seconds(last)), longer than the \(bound.text) in which something is expected",
            at: port.monitor.snapshot.place ?? port.name,
            remedy: port.monitor.snapshot.state == .failing
                ? "" : "see whether the cloud still publishes: martlet setup says what it needs"
        )
    }
}
