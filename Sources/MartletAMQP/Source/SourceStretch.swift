import Martlet
import MartletPipeline

/// One stretch of receiving: from connecting until the session ends.
struct SourceStretch: Sendable {
    /// How often the broker is asked how the queue is, which settles what was acknowledged.
    private static let settleInterval = Duration.seconds(1)
    private static let idleInterval = Duration.seconds(5)

    /// How long a batch that is being committed is waited for at the end; and, twice that, the broker.
    static let stopTimeout = Duration.seconds(5)

    let source: AMQPSource
    let intake: DeliveryIntake
    let commits: SideCommits

    var port: SourcePort { source.port }
    var monitor: SourceMonitor { source.port.monitor }
    var time: any TimeSource { source.time }

    /// Receives until the session ends or the task is cancelled.
    ///
    /// - Parameter known: the queue that is known to have been made before.
    /// - Returns: why it ended; `nil` where the task was cancelled.
    func run(_ known: inout String?) async -> AMQPError? {
        let notices = SessionNotices(bell: intake.bell, place: source.configuration.connection.place)
        let session: AMQPSession
        do throws(AMQPError) {
            session = try await AMQPSession.open(
                source.configuration.connection,
                name: port.name,
                limits: source.limits,
                observer: { notices.take($0) }
            )
        } catch {
            return Task.isCancelled ? nil : error
        }
        return await withTaskCancellationHandler {
            await receive(session, notices, &known)
        } onCancel: {
            // A task of its own, because the source's waits for the broker's answers: one that does not answer is cut. It
            // ends by itself, and does nothing where the session has.
            Task { [weak session, time] in
                try await time.sleep(for: Self.stopTimeout * 2)
                session?.abort()
            }
        }
    }

    private func receive(
        _ session: AMQPSession,
        _ notices: SessionNotices,
        _ known: inout String?
    ) async -> AMQPError? {
        /// The queue that is consumed.
        var queue: String?
        var end: AMQPError?
        do {
            let setup = QueueSetup(configuration: source.configuration, session: session)
            let found = try await takeQueue(setup, &known)
            var exchanges = ExchangeWatch(self, setup, found, notices)
            try await exchanges.begin(found)
            try await consume(found, session)
            queue = found.name
            try await watch(setup, found, &exchanges, notices)
        } catch let error as AMQPError {
            end = notices.ending ?? error
        } catch {
            // Cancelled: there is nothing to report.
        }
        if Task.isCancelled {
            await stop(session, queue)
            return nil
        }
        intake.end()
        // Cut rather than closed: a broker that does not answer is not waited for. What is unacknowledged goes back either way.
        session.abort()
        await session.close()
        return end ?? .closed(at: session.place)
    }

    // MARK: Going on

    /// Looks after everything that is not the way of a message, until the session ends.
    private func watch(
        _ setup: QueueSetup,
        _ found: QueueSetup.Queue,
        _ exchanges: inout ExchangeWatch,
        _ notices: SessionNotices
    ) async throws {
        var nextLook = time.steadyNow + exchanges.interval
        var nextSettle = time.steadyNow + Self.settleInterval
        var retry = Backoff(longest: .seconds(2))
        var nextRetry: Timestamp?
        while true {
            try Task.checkCancellation()
            if let error = notices.ending { throw error }
            let now = time.steadyNow
            let ledger = intake.withLedger { LedgerView($0) }
            if let since = ledger.waitingSince, now - since >= AMQPSource.patience { throw stalled(setup.session) }
            if ledger.hasFailed {
                if let due = nextRetry, due <= now {
                    nextRetry = nil
                    intake.tryAgain()
                } else if nextRetry == nil {
                    nextRetry = now + retry.next()
                }
            } else if ledger.isIdle {
                retry.reset()
            }
            if setup.session.isReadingHeld { nextLook = max(nextLook, now + Self.settleInterval) }
            if nextSettle <= now {
                // A round trip would read all that is on its way.
                if !setup.session.isReadingHeld {
                    try await settle(setup.session, found, ledger)
                    exchanges.isAnswered()
                }
                nextSettle = time.steadyNow + (ledger.needsSettling ? Self.settleInterval : Self.idleInterval)
            }
            if nextLook <= now {
                try await exchanges.look()
                nextLook = time.steadyNow + exchanges.interval
            }
            try await exchanges.drainDefaultQueues()
            if intake.takeOverflow() { commits.add([overflow(found.name)]) }
            let next = min(nextSettle, nextLook, nextRetry ?? nextSettle, commits.advance() ?? nextSettle)
            await intake.bell.wait(atMost: max(.milliseconds(10), next - time.steadyNow), time: time)
        }
    }

    /// What the watch wants to know, taken at once.
    private struct LedgerView: Sendable {
        var waitingSince: Timestamp?
        var hasFailed: Bool
        var isIdle: Bool
        var needsSettling: Bool

        init(_ ledger: DeliveryLedger) {
            waitingSince = ledger.waitingSince
            hasFailed = ledger.hasFailed
            isIdle = ledger.isIdle
            needsSettling = !ledger.isIdle || ledger.copies.awaitsSettlement || ledger.owesCheckpoint
        }
    }

    /// Asks how the queue is: the answer comes after the broker has dealt with the acknowledgements before.
    private func settle(_ session: AMQPSession, _ found: QueueSetup.Queue, _ ledger: LedgerView) async throws {
        let tag = intake.withLedger { $0.acknowledged }
        let state = try await session.settle(queue: found.name)
        monitor.hasBacklog(Int64(state.messages))
        monitor.warn("consumers", otherConsumers(of: found, now: state))
        intake.sees(messages: state.messages)
        intake.withLedger { $0.copies.settle(upTo: tag) }
        // Under load the next batch brings the checkpoint up to date.
        if ledger.isIdle, intake.withLedger({ $0.owesCheckpoint }) { intake.commitCheckpoint() }
    }

    private func stalled(_ session: AMQPSession) -> AMQPError {
        // Closing the session gives everything back to the queue.
        AMQPError(
            .stalled,
            "the store has taken nothing for \(AMQPSource.patience.text), so that all messages were given back to the queue",
            at: session.place,
            remedy: "look at the store's disk: martlet status and the log say what is wrong"
        )
    }

    private func overflow(_ queue: String) -> SourceAlert {
        let limit = source.configuration.maximumQueueBytes
        return SourceAlert(
            .gap,
            "The queue \(queue) was as full as it may be: the broker may have dropped its oldest messages.",
            details: ["queue": queue, "maximumbytes": "\(limit)"]
        )
    }
}
