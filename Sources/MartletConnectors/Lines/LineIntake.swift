import Logging
import MartletPipeline

/// Hands batches of lines to the intake until they are on disk.
struct LineIntake: Sendable {
    let port: SourcePort
    let time: any TimeSource
    let logger: Logger

    private static let firstDelay = Duration.milliseconds(100)
    private static let longestDelay = Duration.seconds(10)

    /// Returns when the batch is on disk; hands it over again for as long as the intake or the store refuses it.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits; the batch has not been kept then.
    func commit(_ lines: LineBatch, checkpoint: Checkpoint? = nil) async throws {
        let made = port.makeBatch(lines.messages, checkpoints: checkpoint.map { [$0] } ?? [])
        var batch = made.batch
        batch.items += lines.unreadable.map { .unreadable($0) }
        guard !batch.items.isEmpty || checkpoint != nil else { return count(made.ignored) }
        let complete = batch
        _ = try await persist("commit lines") { try await port.intake.submit(complete) }
        count(made.ignored)
    }

    /// Repeats what the store refuses, waiting longer each time.
    func persist<Value>(_ purpose: String, _ work: () async throws -> Value) async throws -> Value {
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

    /// Counted when the rest is on disk: a batch that is handed over again is not counted twice.
    private func count(_ ignored: Int) {
        if ignored > 0 { port.intake.counters.addIgnored(ignored, source: port.name) }
    }
}
