import UnixSignals

/// The signals that ask a command to come to its end.
package enum StopSignals {
    /// Returns at the first of SIGINT (Ctrl-C), SIGTERM and SIGHUP, or when the task is cancelled.
    ///
    /// From the call on they no longer end the process by themselves.
    package static func wait() async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) { return }
    }
}
