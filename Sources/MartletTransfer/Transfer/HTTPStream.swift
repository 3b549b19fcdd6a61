/// An answer whose content is still arriving, for following live events.
///
/// An element is whatever has arrived since the last one, never empty, cut anywhere. While nobody asks, the client buffers 256 KiB
/// and then stops reading, so that the server notices. The sequence is for one follower: two would share the elements.
package struct HTTPStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = TransferError

    /// The status code.
    package let status: Int
    /// The fields of the head.
    package let headers: HTTPHeaders
    private let connection: StreamConnection

    init(head: HTTPResponseHead, connection: StreamConnection) {
        status = head.status
        headers = head.headers
        self.connection = connection
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(connection: connection)
    }

    /// Takes what has arrived, piece by piece.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let connection: StreamConnection

        /// The next bytes, nil at the end of the answer.
        package mutating func next(isolation actor: isolated (any Actor)?) async throws(TransferError) -> [UInt8]? {
            try await connection.next(isolation: actor)
        }
    }

    /// The rest of the content, for answers that turn out to be short, as those that report an error.
    package func collect(atMost maximumBytes: Int = 1 << 20) async throws(TransferError) -> [UInt8] {
        var content: [UInt8] = []
        while let chunk = try await connection.next(isolation: #isolation) {
            guard content.count + chunk.count <= maximumBytes else {
                throw TransferError(.tooLarge, "The answer is larger than the \(maximumBytes) bytes allowed.")
            }
            content.append(contentsOf: chunk)
        }
        return content
    }
}

/// The follower's hold on a streamed exchange: the transfer ends with the last copy of the stream and its iterators.
final class StreamConnection: Sendable {
    let exchange: Exchange
    private let buffer: StreamBuffer
    private let inbox: TransferInbox

    init(exchange: Exchange, buffer: StreamBuffer, inbox: TransferInbox) {
        self.exchange = exchange
        self.buffer = buffer
        self.inbox = inbox
    }

    deinit {
        cancel()
    }

    /// Of no effect on an exchange that is over; refused only when the engine is stopping, which ends the exchange too.
    private func cancel() {
        _ = inbox.submit(.cancel(exchange))
    }

    func head() async throws(TransferError) -> HTTPResponseHead {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { buffer.waitForHead($0) }
        } onCancel: {
            cancel()
        }
        return try outcome.get()
    }

    func next(isolation actor: isolated (any Actor)?) async throws(TransferError) -> [UInt8]? {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                if buffer.waitForChunk(waiter) {
                    _ = inbox.submit(.resume(exchange))
                }
            }
        } onCancel: {
            cancel()
        }
        return try outcome.get()
    }
}
