import Foundation
import Glibc

/// Held while a program is started.
private let starting = NSLock()

extension Process {
    /// Starts the program with no signal blocked.
    ///
    /// A child inherits the signal mask of the thread that starts it, and the threads of the pool block nearly all: a shell
    /// would then never hear that its own child has ended.
    ///
    /// One at a time: Foundation learns of a child's end from a socket that the child closes with its end, and another child that
    /// was started in the same moment would inherit that socket and keep it open for as long as it lives.
    package func runWithSignals() throws {
        var none = sigset_t()
        var mask = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &mask)
        defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
        try starting.withLock { try run() }
    }
}
