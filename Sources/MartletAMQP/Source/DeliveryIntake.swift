import Martlet
import MartletPipeline
import Synchronization

/// Takes deliveries on the session's thread, hands them to the intake, and acknowledges what is on disk.
///
/// The way of a message passes no task: it is read on the session's thread, and the intake's answer to one batch sends the
/// next. ``DeliveryLedger`` says what to do; this does it.
final class DeliveryIntake: Sendable {
    private struct State {
        var ledger: DeliveryLedger
        var overflow: OverflowWatch
        var session: AMQPSession?
        /// The queue was found to have been full.
        var hasOverflowed = false
        /// Something has come in this session.
        var hasReceived = false
    }

    /// Beyond it the session reads nothing more until half of it is with the intake.
    static let maximumWaitingBytes = 64 << 20

    let port: SourcePort
    private let reader: DeliveryReader
    private let time: any TimeSource
    /// Rung when a batch failed, when the last answer has come, and when the queue was found to have been full.
    let bell: Doorbell
    private let state: Mutex<State>

    init(
        port: SourcePort,
        limits: AMQPLimits,
        maximumQueueBytes: Int,
        stored: PositionRanges,
        time: any TimeSource,
        bell: Doorbell
    ) {
        self.port = port
        self.time = time
        self.bell = bell
        reader = DeliveryReader(port: port, limits: limits)
        state = Mutex(
            State(ledger: DeliveryLedger(stored: stored), overflow: OverflowWatch(limit: maximumQueueBytes))
        )
    }

    /// Looks at the ledger, or changes it.
    func withLedger<Value: Sendable>(_ body: (inout DeliveryLedger) -> sending Value) -> Value {
        state.withLock { state in body(&state.ledger) }
    }

    // MARK: Sessions

    /// A session is about to consume. Every batch of the one before has been answered.
    func begin(_ session: AMQPSession) {
        state.withLock { state in
            state.session = session
            state.ledger.beginSession()
            state.overflow.forget()
            state.hasReceived = false
        }
    }

    /// Nothing that comes from now on is handed over; what is with the intake may still be acknowledged.
    func hold() { state.withLock { $0.ledger.hold() } }

    /// The session is over: what is not with the intake comes again.
    func end() {
        state.withLock { state in
            state.session = nil
            state.ledger.endSession()
        }
    }

    /// The queue has so many messages at this moment.
    func sees(messages: Int) { state.withLock { $0.overflow.sees(messages: messages) } }

    /// Whether anything has come from the source's own queue in this session.
    var hasReceived: Bool { state.withLock { $0.hasReceived } }

    /// Whether the queue was found to have been full since the last call.
    func takeOverflow() -> Bool {
        state.withLock { state in
            defer { state.hasOverflowed = false }
            return state.hasOverflowed
        }
    }

    // MARK: Deliveries

    /// Takes what a session was delivered; on its thread, in order.
    ///
    /// - Parameter isOwn: whether it comes from the source's own queue, whose messages are counted and have their publishers'
    ///   order.
    func take(_ deliveries: [AMQPDelivery], from session: AMQPSession, isOwn: Bool = true) {
        let (isCurrent, hasOverflowed) = state.withLock { state in
            guard state.session === session, !state.ledger.isHeld else { return (false, false) }
            if isOwn { state.hasReceived = true }
            for delivery in deliveries {
                // Of one queue alone it is true that what comes again comes before what is new.
                if isOwn { state.ledger.copies.saw(tag: delivery.tag, isRedelivered: delivery.isRedelivered) }
                if isOwn, state.overflow.receives(bytes: Int(clamping: delivery.size)) { state.hasOverflowed = true }
            }
            return (true, state.hasOverflowed)
        }
        guard isCurrent else { return }
        if hasOverflowed { bell.ring() }
        let batch = reader.read(deliveries, isInOrder: isOwn) { hash in
            state.withLock { $0.ledger.copies.consume(hash) }
        }
        state.withLock { $0.ledger.add(batch) }
        advance()
        // The prefetch bounds messages, not their bytes.
        state.withLock { state in
            if state.ledger.waitingBytes > Self.maximumWaitingBytes { session.holdReading() }
        }
    }

    /// Reads on, where the disk has caught up.
    private func resumeReading() {
        state.withLock { state in
            guard let session = state.session, session.isReadingHeld,
                state.ledger.waitingBytes <= Self.maximumWaitingBytes / 2
            else { return }
            session.resumeReading()
        }
    }

    /// Hands the next batch over, where it is its turn.
    private func advance() {
        while true {
            let now = time.steadyNow
            guard let submission = state.withLock({ $0.ledger.next(at: now) }) else { return }
            if !submission.isEmpty { return submit(submission) }
            // Nothing but what was ignored or repeated: there is nothing to commit.
            conclude(CommitReceipt())
        }
    }

    /// Hands the batch that failed over again.
    func tryAgain() {
        if let submission = withLedger({ $0.again() }) { submit(submission) }
    }

    /// Brings the checkpoint up to date, which also shows whether the store takes anything; where nothing else is under way.
    func commitCheckpoint() {
        let now = time.steadyNow
        if let submission = withLedger({ $0.checkpointAlone(at: now) }) { submit(submission) }
    }

    private func submit(_ submission: DeliveryLedger.Submission) {
        let batch = IntakeBatch(source: port.name, items: submission.items, checkpoints: submission.checkpoints)
        port.intake.submit(batch, Acknowledgement { self.answered($0) })
    }

    private func answered(_ result: Result<CommitReceipt, any Error>) {
        switch result {
        case .success(let receipt):
            conclude(receipt)
            advance()
            resumeReading()
        case .failure:
            withLedger { $0.failed() }
            bell.ring()
        }
    }

    private func conclude(_ receipt: CommitReceipt) {
        let (conclusion, isLast) = state.withLock { state in
            let conclusion = state.ledger.committed(receipt)
            // Within the lock: whoever settles what the ledger calls acknowledged comes behind this at the broker.
            if let tag = conclusion.acknowledge { state.session?.acknowledge(tag) }
            return (conclusion, state.ledger.isHeld)
        }
        // Counted when the rest is on disk: a batch that is handed over again is not counted twice.
        let counters = port.intake.counters
        if conclusion.ignored > 0 { counters.addIgnored(conclusion.ignored, source: port.name) }
        if conclusion.duplicates > 0 { counters.addDuplicates(conclusion.duplicates, source: port.name) }
        if isLast { bell.ring() }
    }
}

extension DeliveryLedger.Submission {
    fileprivate var isEmpty: Bool { items.isEmpty && checkpoints.isEmpty }
}
