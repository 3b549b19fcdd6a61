import Synchronization

/// What has arrived of a streamed answer and was not asked for yet. Filled by the engine, emptied by the one who follows it.
final class StreamBuffer: Sendable {
    typealias HeadWaiter = CheckedContinuation<Result<HTTPResponseHead, TransferError>, Never>
    typealias ChunkWaiter = CheckedContinuation<Result<[UInt8]?, TransferError>, Never>

    private struct State {
        var head: HTTPResponseHead?
        var headWaiter: HeadWaiter?
        var bytes: [UInt8] = []
        /// Each call to `next` that came before its bytes, in order. Not empty only while `bytes` is.
        var chunkWaiters: [ChunkWaiter] = []
        var isPaused = false
        var end: Result<Void, TransferError>?
    }

    private let state = Mutex(State())
    private let limit: Int

    /// A buffer that refuses more once it holds `limit` bytes.
    init(limit: Int) {
        self.limit = limit
    }

    // MARK: The engine's side

    func receive(_ head: HTTPResponseHead) {
        let waiter = state.withLock { state in
            state.head = head
            return state.headWaiter.take()
        }
        waiter?.resume(returning: .success(head))
    }

    /// False where it is full: the transfer has to pause, and the same bytes have to be given again.
    func receive(_ content: UnsafeRawBufferPointer) -> Bool {
        let (isTaken, waiter) = state.withLock { state -> (Bool, ChunkWaiter?) in
            guard state.chunkWaiters.isEmpty else { return (true, state.chunkWaiters.removeFirst()) }
            guard state.bytes.count < limit else {
                state.isPaused = true
                return (false, nil)
            }
            state.bytes.append(contentsOf: content)
            return (true, nil)
        }
        waiter?.resume(returning: .success(Array(content)))
        return isTaken
    }

    func finish(_ end: Result<Void, TransferError>) {
        let (headWaiter, chunkWaiters) = state.withLock { state in
            state.end = end
            let chunkWaiters = state.chunkWaiters
            state.chunkWaiters = []
            return (state.headWaiter.take(), chunkWaiters)
        }
        headWaiter?.resume(returning: Self.head(afterEnd: end))
        for waiter in chunkWaiters {
            waiter.resume(returning: end.map { nil })
        }
    }

    /// An answer that ends without a head has failed, whatever libcurl says of it.
    private static func head(afterEnd end: Result<Void, TransferError>) -> Result<HTTPResponseHead, TransferError> {
        end.flatMap { .failure(TransferError(.receive, "The answer ended before its head.")) }
    }

    // MARK: The follower's side

    func waitForHead(_ waiter: HeadWaiter) {
        let outcome = state.withLock { state -> Result<HTTPResponseHead, TransferError>? in
            if let head = state.head { return .success(head) }
            if let end = state.end { return Self.head(afterEnd: end) }
            state.headWaiter = waiter
            return nil
        }
        if let outcome { waiter.resume(returning: outcome) }
    }

    /// Gives everything that has arrived, nil at the end. True where the transfer was paused and has to be resumed.
    func waitForChunk(_ waiter: ChunkWaiter) -> Bool {
        let (outcome, wasPaused) = state.withLock { state -> (Result<[UInt8]?, TransferError>?, Bool) in
            if !state.bytes.isEmpty {
                let bytes = state.bytes
                state.bytes = []
                let wasPaused = state.isPaused
                state.isPaused = false
                return (.success(bytes), wasPaused)
            }
            if let end = state.end { return (end.map { nil }, false) }
            state.chunkWaiters.append(waiter)
            return (nil, false)
        }
        if let outcome { waiter.resume(returning: outcome) }
        return wasPaused
    }
}
