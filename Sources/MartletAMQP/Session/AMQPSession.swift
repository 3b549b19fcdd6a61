import Synchronization

/// One connection to a broker, on a thread of its own, with a channel for messages and one for declarations.
///
/// A declaration that the broker refuses closes the second channel only, and it is opened again: consuming and publishing
/// go on. What the broker reports by itself comes as an ``AMQPNotice``. A session that has ended stays so: whoever needs
/// another opens one.
///
/// The thread takes closures from an inbox. It is no actor's executor because it ends with the session: what is asked of a session
/// that has ended is refused, while an executor may refuse no job.
package final class AMQPSession: Sendable {
    /// What the broker says of itself.
    package let server: AMQPServer
    /// The host that answered: `amqp://mq1:5672/`, without credentials.
    package let place: String

    let inbox: SessionInbox
    let state: SessionState

    init(server: AMQPServer, place: String, inbox: SessionInbox, state: SessionState) {
        self.server = server
        self.place = place
        self.inbox = inbox
        self.state = state
    }

    deinit { inbox.stop() }

    /// Connects to the first host that answers and logs in.
    ///
    /// - Parameters:
    ///   - name: what the broker's administrators see: `martlet <name>`.
    ///   - observer: told what the broker reports by itself, on the session's thread.
    /// - Throws: what the last host said; ``AMQPError/Code/closed`` when the task is cancelled.
    package static func open(
        _ settings: AMQPSettings,
        name: String,
        limits: AMQPLimits = AMQPLimits(),
        observer: @escaping @Sendable (AMQPNotice) -> Void = { _ in }
    ) async throws(AMQPError) -> AMQPSession {
        try await SessionOpening.open(settings, name: name, limits: limits, observer: observer)
    }

    /// Why the broker takes no messages now; `nil` where it does.
    package var blockedReason: String? { state.blockedReason }

    /// Whether nothing is read for now.
    var isReadingHeld: Bool { state.isReadingHeld }

    /// Why the session is over; `nil` while it is not.
    package var failure: AMQPError? { state.failure }

    /// So long a thread that is asked to end may take for it, the broker's answer included.
    private static let closePatience = Duration.seconds(5)

    /// Ends the session in order, and returns when its thread has ended. What is unacknowledged goes back into its queue.
    package func close() async {
        await cutting(after: Self.closePatience, because: .closed(at: place)) {
            await withCheckedContinuation { continuation in inbox.stop(continuation) }
        }
    }

    /// Cuts the connection where a body that waits for the thread does not end in time: a write to a broker that reads
    /// nothing is ended by nothing else.
    func cutting<Value: Sendable>(
        after patience: Duration,
        because reason: AMQPError,
        _ body: () async -> Value
    ) async -> Value {
        // A task of its own, because the caller's may be cancelled, and waits nevertheless. It ends with the body.
        let watch = Task { [state] in
            // A cancelled sleep is the body's end.
            guard (try? await Task.sleep(for: patience)) != nil else { return }
            state.cut(because: reason)
        }
        defer { watch.cancel() }
        return await body()
    }

    /// Cuts the connection at once, whatever the thread waits for; everything under way ends with an error.
    package func abort() {
        state.cut()
        inbox.stop()
    }
}
