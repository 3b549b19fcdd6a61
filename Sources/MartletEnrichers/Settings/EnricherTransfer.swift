import Martlet
import MartletTransfer
import Synchronization

/// The HTTP client of one enricher, started with its first request: an enricher that is only checked starts nothing.
final class EnricherTransfer: Sendable {
    private struct State {
        var transfer: HTTPTransfer?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// The answer, of whatever status.
    func perform(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        try await started().perform(request)
    }

    private func started() throws(TransferError) -> HTTPTransfer {
        // The lock is held while a thread is started, once.
        let result = state.withLock { state -> Result<HTTPTransfer, TransferError> in
            if state.isClosed { return .failure(TransferError(.shutdown, "The enricher is closed.")) }
            if let transfer = state.transfer { return .success(transfer) }
            return Result { () throws(TransferError) -> HTTPTransfer in
                let started = try HTTPTransfer(userAgent: "Martlet/\(Release.version)")
                state.transfer = started
                return started
            }
        }
        return try result.get()
    }

    /// Aborts what is in flight, closes the connections and starts no other ones.
    func close() async {
        let transfer = state.withLock { state in
            defer { state = State(transfer: nil, isClosed: true) }
            return state.transfer
        }
        await transfer?.shutdown()
    }
}
