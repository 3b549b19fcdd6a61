import Synchronization

/// The bounded queue between a bus and one of its subscriptions; for those who write a bus.
///
/// A bus calls ``enqueue(_:)``, in the order in which the events are to be read, and ``finish(throwing:)``; readers come
/// through ``EventSubscription``.
public final class EventQueue: Sendable {
    /// An event, and whom it matters to that it has been read.
    struct Item: Sendable {
        let event: Event
        var whenRead: (@Sendable () -> Void)?
    }

    private typealias Reader = CheckedContinuation<Result<Item?, EventBusError>, Never>
    private typealias Writer = CheckedContinuation<WaitResult, Never>
    private typealias State = EventQueueState<Reader, Writer>

    private enum WaitResult: Sendable { case room, cancelled }

    /// What became of an event, as far as its publisher has to act on it.
    enum Offer {
        case done
        /// There was no room, and the subscription has failed.
        case failed
        /// The event waits for room: see ``waitForRoom(_:)``.
        case parked(UInt64)
    }

    private let state: Mutex<State>

    /// An empty queue.
    public init(options: SubscriptionOptions) { state = Mutex(State(options: options)) }

    var droppedCount: Int { state.withLock { $0.droppedCount } }
    var pendingCount: Int { state.withLock { $0.pendingCount } }
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Adds an event, or does what the options say where there is no room. One that comes after the end is dropped.
    ///
    /// - Parameter whenRead: called when the event's reader asks for the next one or leaves its loop, or when the event had to make room for a
    ///   newer one; never where it was discarded at the end. On no particular thread.
    /// - Throws: `CancellationError` where the task was cancelled while it waited for room; the event is not added then.
    public func enqueue(_ event: Event, whenRead: (@Sendable () -> Void)? = nil) async throws(CancellationError) {
        if case .parked(let ticket) = offer(event, whenRead: whenRead) { try await waitForRoom(ticket) }
    }

    /// Discards what is pending, and goes on: what a broker will deliver again.
    public func discardPending() {
        let writers = state.withLock { $0.discardPending() }
        for writer in writers { writer.resume(returning: .room) }
    }

    /// Ends the sequence, with an error or without, and discards what is pending.
    public func finish(throwing error: EventBusError? = nil) {
        let (readers, writers) = state.withLock { $0.finish(throwing: error) }
        for reader in readers { reader.resume(returning: error.map { .failure($0) } ?? .success(nil)) }
        for writer in writers { writer.resume(returning: .room) }
    }

    /// Adds an event without waiting.
    func offer(_ event: Event, whenRead: (@Sendable () -> Void)? = nil) -> Offer {
        let item = Item(event: event, whenRead: whenRead)
        switch state.withLock({ $0.offer(item) }) {
        case .stored(let displaced):
            displaced?.whenRead?()
            return .done
        case .refused: return .done
        case .hand(let reader):
            reader.resume(returning: .success(item))
            return .done
        case .failed: return .failed
        case .parked(let ticket): return .parked(ticket)
        }
    }

    /// Waits until a parked event has a place, or the subscription has ended.
    ///
    /// - Throws: `CancellationError`, with the event taken back.
    func waitForRoom(_ ticket: UInt64) async throws(CancellationError) {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (writer: Writer) in
                let answer = state.withLock { state -> WaitResult? in
                    // Seen under the lock: a handler that ran before has found nobody waiting.
                    if Task.isCancelled, state.withdraw(ticket) { return .cancelled }
                    return state.wait(for: ticket, writer) ? nil : .room
                }
                if let answer { writer.resume(returning: answer) }
            }
        } onCancel: {
            // A task that has not begun to wait will see for itself that it is cancelled.
            let writer = state.withLock { $0.cancelWriter(ticket) }
            writer?.resume(returning: .cancelled)
        }
        if result == .cancelled { throw CancellationError() }
    }

    /// The next event; `nil` at the end, or where the task is cancelled.
    func next() async throws(EventBusError) -> Item? {
        if Task.isCancelled { return nil }
        let (first, ticket) = state.withLock { ($0.take(), $0.makeTicket()) }
        if let result = perform(first) { return try result.get() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (reader: Reader) in
                let answer = state.withLock { state -> State.Take in
                    Task.isCancelled ? .end : state.take(orWait: reader, as: ticket)
                }
                if let result = perform(answer) { reader.resume(returning: result) }
            }
        } onCancel: {
            let reader = state.withLock { $0.cancelReader(ticket) }
            reader?.resume(returning: .success(nil))
        }
        return try result.get()
    }

    /// What a reader gets; `nil` where it has to wait.
    private func perform(_ take: State.Take) -> Result<Item?, EventBusError>? {
        switch take {
        case .item(let item, let writer):
            writer?.resume(returning: .room)
            return .success(item)
        case .failure(let error): return .failure(error)
        case .end: return .success(nil)
        case .empty: return nil
        }
    }
}
