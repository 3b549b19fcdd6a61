import ServiceLifecycle

/// Runs parts side by side as one service: more can be added while it runs, and each ends by itself when it is told to.
///
/// They stop side by side too, so that one that hangs does not add to the others' patience.
final class PartsService: Service {
    typealias Part = @Sendable () async throws -> Void

    private let parts: AsyncStream<Part>
    private let adding: AsyncStream<Part>.Continuation
    private let stop: @Sendable () -> Void

    /// - Parameter stop: tells all parts to end, on a graceful shutdown.
    init(stop: @escaping @Sendable () -> Void) {
        self.stop = stop
        (parts, adding) = AsyncStream.makeStream()
    }

    /// Runs one more part.
    ///
    /// - Returns: false where the end has begun, and it will not be run.
    @discardableResult
    func add(_ part: @escaping Part) -> Bool {
        if case .enqueued = adding.yield(part) { true } else { false }
    }

    /// Runs until it is told to stop, or a part has failed.
    func run() async throws {
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                for await part in parts {
                    group.addTask { [adding] in
                        do {
                            try await part()
                        } catch {
                            // The error is the group's when nothing more is added.
                            adding.finish()
                            throw error
                        }
                    }
                }
            }
        } onGracefulShutdown: { [adding, stop] in
            // Nothing that is added after this runs, so that all that runs is told to stop.
            adding.finish()
            stop()
        }
    }
}
