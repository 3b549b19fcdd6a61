import Logging
import MartletPipeline

/// Hands batches to the intake until they are on disk.
struct BatchCommitter: Sendable {
    let port: SourcePort
    let time: any TimeSource
    let logger: Logger
    let health: SourceHealth

    private static let firstDelay = Duration.milliseconds(100)
    private static let longestDelay = Duration.seconds(10)
    /// How long a commit may take before the source says that it stands still (promise 10).
    private static let patience = Duration.seconds(10)

    /// Returns when the batch is on disk; hands it over again for as long as the intake or the store refuses it.
    ///
    /// - Parameter ignored: what of the batch is not in it, to be counted with it.
    /// - Throws: `CancellationError` when the task is cancelled while it waits; the batch has not been kept then.
    func commit(_ batch: IntakeBatch, ignored: Int = 0) async throws {
        if !batch.items.isEmpty || !batch.checkpoints.isEmpty {
            _ = try await persist("commit events") { try await port.intake.submit(batch) }
        }
        // Counted when the rest is on disk: a batch that is handed over again is not counted twice.
        if ignored > 0 { port.intake.counters.addIgnored(ignored, source: port.name) }
    }

    /// Repeats what the store refuses, waiting longer each time, and says so when that takes long.
    func persist<Value: Sendable>(_ purpose: String, _ work: () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { watch in
            watch.addTask {
                try await time.sleep(for: Self.patience)
                health.fails(.store, standstill)
            }
            defer { watch.cancelAll() }
            let value = try await repeatPatiently(purpose, work)
            health.recovers(.store)
            return value
        }
    }

    private func repeatPatiently<Value>(_ purpose: String, _ work: () async throws -> Value) async throws -> Value {
        var delay = Self.firstDelay
        while true {
            do {
                return try await work()
            } catch let error as CancellationError {
                throw error
            } catch {
                logger.warning(
                    "A source waits for the store.",
                    metadata: ["source": "\(port.name)", "purpose": "\(purpose)", "error": "\(error)"]
                )
                try await time.sleep(for: delay)
                delay = min(delay * 2, Self.longestDelay)
            }
        }
    }

    private var standstill: SourceMonitor.Problem {
        SourceMonitor.Problem(
            "nothing could be committed for ten seconds",
            at: port.name,
            remedy: "see martlet's log for what the store lacks: space, or a disk that answers"
        )
    }
}
