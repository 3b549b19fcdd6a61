import MartletTransfer
import Synchronization

/// The HTTP client that all sinks of the process share that speak HTTP, so that two hundred forwarders are one thread.
///
/// Its bounds on connections are above what the sinks may use together, for a slow receiver must not take another's
/// place: each sink is bounded by its own `concurrency`.
package final class SharedTransfer: Sendable {
    package static let shared = SharedTransfer()

    private static let maximumConnections = 16_384
    private let transfer = Mutex<HTTPTransfer?>(nil)

    private init() {}

    /// The client, started with the first request: a configuration that is only checked starts nothing.
    func started() throws(TransferError) -> HTTPTransfer {
        // The lock is held while a thread is started, once.
        let result = transfer.withLock { transfer -> Result<HTTPTransfer, TransferError> in
            if let transfer { return .success(transfer) }
            return Result { () throws(TransferError) -> HTTPTransfer in
                let started = try HTTPTransfer(
                    maximumConnections: Self.maximumConnections,
                    maximumConnectionsPerHost: Self.maximumConnections,
                    userAgent: WebhookSink.userAgent
                )
                transfer = started
                return started
            }
        }
        return try result.get()
    }
}
