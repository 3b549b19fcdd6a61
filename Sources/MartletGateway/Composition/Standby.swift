import Logging
import Martlet
import MartletPipeline
import MartletStore
import UnixSignals

/// A server that waits for its turn: another has the store open, and this one takes over when that has ended.
enum Standby {
    /// How long one that has taken over tries to listen where the other may still be dying.
    static let bindPatience = Duration.seconds(30)

    /// Takes the lock on a data directory, however long it takes.
    ///
    /// - Returns: `nil` where SIGTERM or SIGINT came before.
    /// - Throws: ``StoreError`` for what waiting does not mend.
    static func takeLock(of directory: String, _ options: GatewayOptions) async throws -> DirectoryLock? {
        let (time, logger) = (SystemTime(), options.logger)
        return try await withThrowingTaskGroup(of: DirectoryLock?.self) { group in
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { break }
                return nil
            }
            group.addTask {
                let begin = time.steadyNow
                var hasWaited = false
                let lock = try await DirectoryLock.wait(for: directory, time: time) { holder in
                    hasWaited = true
                    logger.notice(
                        "Standing by: another has the store open.",
                        metadata: ["store": "\(directory)", "holder": "\(holder)"]
                    )
                }
                if hasWaited {
                    logger.notice(
                        "Taking over.",
                        metadata: ["store": "\(directory)", "waited": "\(time.steadyNow - begin)"]
                    )
                }
                return lock
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
