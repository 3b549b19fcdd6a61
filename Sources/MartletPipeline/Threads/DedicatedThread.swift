#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A thread for what blocks, outside of the cooperative pool.
package enum DedicatedThread {
    private final class Box {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Of which only what is used is taken: rabbitmq-c reads headers within headers by calling itself, and what a publisher can
    /// nest within one frame needs up to 4 MB, more than some systems give a thread.
    private static let stackSize = 16 << 20

    /// Runs a body on a new thread that ends with it; false where there can be no more threads.
    package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        // Neither can fail: there is nothing to allocate, and the size is one that every system takes.
        _ = pthread_attr_init(&attributes)
        _ = pthread_attr_setstacksize(&attributes, stackSize)
        defer { pthread_attr_destroy(&attributes) }
        let code = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                // Signals belong to the threads that wait for them.
                var signals = sigset_t()
                sigfillset(&signals)
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            box.toOpaque()
        )
        guard code == 0 else {
            box.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    /// Runs a body on a thread of its own and returns what it makes; `nil` where there can be no more threads.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { (continuation: CheckedContinuation<Value?, Never>) in
            if !start({ continuation.resume(returning: body()) }) { continuation.resume(returning: nil) }
        }
    }
}
