import Glibc
import Synchronization

/// What a session's thread shows to others, and how they cut its connection.
final class SessionState: Sendable {
    private struct State {
        var blockedReason: String?
        var failure: AMQPError?
        /// The socket, while it is open, under a number of its own: the library closes its number whenever it gives a
        /// connection up, and another file may have it then.
        var descriptor: Int32?
        var isCut = false
        var cutReason: AMQPError?
        var isReadingHeld = false
    }

    private let state = Mutex(State())

    var blockedReason: String? {
        get { state.withLock { $0.blockedReason } }
        set { state.withLock { $0.blockedReason = newValue } }
    }

    var failure: AMQPError? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// Whether nothing is to be read for now, because too much of it waits.
    var isReadingHeld: Bool {
        get { state.withLock { $0.isReadingHeld } }
        set { state.withLock { $0.isReadingHeld = newValue } }
    }

    /// Whether somebody wants the connection cut.
    var isCut: Bool { state.withLock { $0.isCut } }

    /// Why it was cut, where whoever did it said so.
    var cutReason: AMQPError? { state.withLock { $0.cutReason } }

    /// The thread has opened a socket, or is about to close it.
    func hasDescriptor(_ descriptor: Int32?) {
        state.withLock { state in
            if let last = state.descriptor { close(last) }
            // Without a number left it cannot be cut early, and ends by its time-outs.
            state.descriptor = descriptor.map { fcntl($0, F_DUPFD_CLOEXEC, 0) }.flatMap { $0 < 0 ? nil : $0 }
            // It was cut before there was a socket.
            if state.isCut, let descriptor { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Shuts the socket down, so that whatever waits for it fails at once; the thread closes it.
    func cut(because reason: AMQPError? = nil) {
        state.withLock { state in
            if !state.isCut { state.cutReason = reason }
            state.isCut = true
            if let descriptor = state.descriptor { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }
}
