import Logging
import Martlet
import MartletPipeline

extension SQLiteEventStore {
    private static let checkpointInterval = Duration.milliseconds(250)
    private static let textInterval = Duration.milliseconds(500)

    /// Does what need not be done while somebody waits for a commit, until the task is cancelled: checkpoints, the horizon
    /// of identities, the text index.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await self.repeatedly(every: Self.checkpointInterval, "a checkpoint") { try await $0.tidy() }
            }
            group.addTask {
                await self.repeatedly(every: Self.textInterval, "the text index") { try await $0.indexText() }
            }
        }
    }

    /// A checkpoint if the log has grown, a new table of identities if it is time, and what is past their horizon removed.
    func tidy() async throws {
        let now = options.time.now
        try await write { writer, database in try writer.rotateIdentities(now: now, on: database) }
        while !Task.isCancelled,
            try await write({ writer, database in try writer.removeExpiredIdentities(on: database) })
        {
            // The log grows by what is removed: it is kept within its bounds meanwhile.
            try await checkpoint()
        }
        try await checkpoint()
    }

    private func checkpoint() async throws {
        guard try await checkpointer.checkpoint() else { return }
        try await write { [checkpointer] _, database in try checkpointer.restart(on: database) }
    }

    /// Brings the text index up to the head of the log, a page of events at a time.
    package func indexText() async throws {
        while !Task.isCancelled, try await indexTextPage() {}
    }

    private func repeatedly(
        every interval: Duration,
        _ subject: String,
        _ body: (SQLiteEventStore) async throws -> Void
    ) async {
        while !Task.isCancelled {
            do {
                try await body(self)
                try await options.time.sleep(for: interval)
            } catch is CancellationError {
                return
            } catch {
                // What a shutdown interrupts says so in SQLite's own words.
                if Task.isCancelled { return }
                options.logger.error(
                    "Maintenance of the store failed; it is tried again.",
                    metadata: ["of": "\(subject)", "error": "\(error)"]
                )
                // Cancelled while it waits: the loop ends by its condition.
                try? await options.time.sleep(for: .seconds(5))
            }
        }
    }
}
