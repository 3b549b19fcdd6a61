/// Waiting for a server that has just been started.
enum Readiness {
    /// Returns when the server answers, as `isReady` finds out on a thread of its own; what it throws means not yet.
    static func wait(
        for name: String,
        log: @Sendable () -> String,
        _ isReady: @escaping @Sendable () throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(90)
        while ContinuousClock.now < deadline {
            let isUp = await BlockingCall.run { (try? isReady()) ?? false }
            if isUp { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw ServerProcess.Failure("\(name) did not start: \(log().suffix(4_000))")
    }
}
