import Foundation
import Glibc

extension Process {
    /// Starts the program with no signal blocked.
    ///
    /// A child inherits the signal mask of the thread that starts it, and the threads of the pool block nearly all: a shell
    /// would then never hear that its own child has ended.
    package func runWithSignals() throws {
        var none = sigset_t()
        var mask = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &mask)
        defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
        try run()
    }
}
