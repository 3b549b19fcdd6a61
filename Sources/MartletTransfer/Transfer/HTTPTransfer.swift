/// An HTTP client on libcurl's multi interface, with a thread of its own.
///
/// Any number of requests may be in flight; those beyond the number of connections wait in order. Connections are kept and used
/// again. Nothing is retried but a kept connection that turns out closed before a byte of the answer came.
package final class HTTPTransfer: Sendable {
    /// The most bytes of a streamed answer that wait for their follower before the transfer pauses.
    static let streamBufferBytes = 256 << 10

    private let inbox: TransferInbox

    /// Starts the client's thread; fails where the machine lacks memory, descriptors or threads.
    package init(
        maximumConnections: Int = 128,
        maximumConnectionsPerHost: Int = 8,
        userAgent: String = "martlet"
    ) throws(TransferError) {
        inbox = try TransferEngine.start(
            maximumConnections: maximumConnections,
            maximumConnectionsPerHost: maximumConnectionsPerHost,
            userAgent: userAgent
        )
    }

    deinit {
        inbox.stop()
    }

    /// Sends a request and collects its answer, of whatever status. Cancelling the task aborts the transfer.
    package func perform(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        try request.validate()
        let exchange = Exchange(request)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !inbox.submit(.start(exchange, .whole(continuation))) {
                    continuation.resume(returning: .failure(.shutdown(request)))
                }
            }
        } onCancel: {
            // Refused only when the engine is stopping, which ends the exchange too.
            _ = inbox.submit(.cancel(exchange))
        }
        return try outcome.get()
    }

    /// Sends a request and gives its answer as soon as the head is there, the content to be followed as it comes.
    ///
    /// Cancelling the task, or letting go of the stream, aborts the transfer.
    package func stream(_ request: HTTPRequest) async throws(TransferError) -> HTTPStream {
        try request.validate()
        let buffer = StreamBuffer(limit: Self.streamBufferBytes)
        let connection = StreamConnection(exchange: Exchange(request), buffer: buffer, inbox: inbox)
        guard inbox.submit(.start(connection.exchange, .stream(buffer))) else { throw .shutdown(request) }
        return HTTPStream(head: try await connection.head(), connection: connection)
    }

    /// Aborts what is in flight, closes all connections and ends the thread. Requests made afterwards fail.
    package func shutdown() async {
        await withCheckedContinuation { inbox.stop($0) }
    }
}
