import Logging
import MartletPipeline

/// A source that can be stopped by itself.
final class RunningSource: Sendable {
    let part: SourcePart
    private let logger: Logger
    /// Whether an error of the source ends the program: at its start, where somebody looks, and not in the middle of its life.
    private let isFatal: Bool
    private let stopping = Doorbell()
    private let ended: AsyncStream<Never>
    private let ending: AsyncStream<Never>.Continuation

    init(_ part: SourcePart, isFatal: Bool, logger: Logger) {
        self.part = part
        self.isFatal = isFatal
        self.logger = logger
        (ended, ending) = AsyncStream.makeStream()
    }

    var name: String { part.port.name }

    /// Takes in until it is told to ``stop()`` or the task is cancelled: it stops where it stands, and what it has not
    /// acknowledged comes again.
    ///
    /// A source whose input has ended, as a file that is not followed, is no reason to stop the rest.
    func run() async throws {
        defer { ending.finish() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [stopping] in
                await stopping.wait()
                return true
            }
            group.addTask { [self] in
                try await take()
                return false
            }
            if let watch = part.watch {
                group.addTask {
                    // It ends by cancellation only.
                    try? await watch.run()
                    return false
                }
            }
            while let isStopped = try await group.next() {
                if isStopped { break }
            }
            group.cancelAll()
        }
    }

    private func take() async throws {
        // Events come in through the interface.
        guard let source = part.source else { return }
        do {
            try await source.run()
        } catch is CancellationError {
            return
        } catch {
            if isFatal { throw error }
            logger.error(
                "A source cannot go on; it stands still until its configuration is another.",
                metadata: ["source": "\(name)", "error": "\(error)"]
            )
            let place = part.port.monitor.snapshot.place ?? name
            part.port.monitor.isFailing(
                SourceMonitor.Problem("it cannot go on: \(error)", at: place, remedy: "change it, and reload")
            )
        }
    }

    func stop() { stopping.ring() }

    /// Stops it, and returns when it has ended. To be called once.
    func stopAndWait() async {
        stop()
        for await _ in ended {}
    }
}
