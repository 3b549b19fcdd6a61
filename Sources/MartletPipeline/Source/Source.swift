/// Receives bytes from a transport and hands them to the intake through its port.
///
/// It acknowledges upstream only when the batch's acknowledgement says that it is on disk, and never holds more unacknowledged
/// than its own bound. It returns from `run` when it is told to stop by a graceful shutdown, or when its input ends.
package protocol Source: Sendable {
    /// Takes in until the input ends or the task is cancelled.
    func run() async throws
}
