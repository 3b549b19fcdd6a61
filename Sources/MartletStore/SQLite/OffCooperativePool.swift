#if canImport(Glibc)
    @preconcurrency import Dispatch
#else
    import Dispatch
#endif

/// Runs blocking work on a thread that nobody else waits for.
func offCooperativePool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
    }
}
