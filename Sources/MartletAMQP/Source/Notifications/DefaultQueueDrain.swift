import Logging
import Martlet
import MartletPipeline

/// Empties the queues that publishers make by themselves, as ``DefaultQueues`` allows it.
///
/// Their messages are handed to the intake like any other. What came through the source's own queue as well has the same id
/// and the same bytes and is stored once (promise 4); what was published before that queue was bound is only there.
struct DefaultQueueDrain: Sendable {
    let stretch: SourceStretch
    let session: AMQPSession
    let state: NotificationState
    let notices: SessionNotices
    private var hasBegun = false

    /// How many messages of each such queue are with Martlet at once.
    private static let prefetch: UInt16 = 100
    /// How long each step of a trial may take: meanwhile nobody looks whether the source stalls.
    private static let trialPatience = Duration.seconds(2)

    init(stretch: SourceStretch, session: AMQPSession, state: NotificationState, notices: SessionNotices) {
        self.stretch = stretch
        self.session = session
        self.state = state
        self.notices = notices
    }

    /// Looks at those queues whose turn it is, begins and stops.
    mutating func look() async throws {
        // A round trip would read all that is on its way.
        guard !session.isReadingHeld else { return }
        if !hasBegun {
            let (now, patience) = (stretch.time.steadyNow, stretch.source.configuration.connection.heartbeat * 3)
            state.withDefaultQueues { $0.beginSession(at: now, patience: patience) }
            // For the consumers that begin from now on: the source's own has begun.
            try await session.limitPrefetch(to: Self.prefetch)
            hasBegun = true
        }
        let ended = notices.takeEndedSideConsumers()
        if !ended.isEmpty { state.withDefaultQueues { $0.haveEnded(ended) } }
        for name in state.settings.keys {
            let now = stretch.time.steadyNow
            guard state.withDefaultQueues({ $0.isDue(name, at: now) }) else { continue }
            // A trial takes its time: the others have their turn when everything else has been looked after.
            if try await look(at: name, now) { return stretch.intake.bell.ring() }
        }
    }

    /// - Returns: whether a trial was made.
    private func look(at name: String, _ now: Timestamp) async throws -> Bool {
        guard let queue = try await find(name) else {
            state.withDefaultQueues { $0.isMissing(name, at: now) }
            warn(name, nil)
            return false
        }
        switch state.withDefaultQueues({ $0.next(name, consumers: queue.consumers, at: now) }) {
        case .goOn: break
        case .leave(let reason): warn(name, reason)
        case .stop:
            if let consumer = state.withDefaultQueues({ $0.consumer(of: name) }) {
                try await session.cancelConsumer(consumer, isEmptying: true)
            }
            state.withDefaultQueues { $0.hasEnded(name) }
            warn(name, .hasListener(count: queue.consumers - 1))
        case .begin:
            try await begin(name, waiting: queue.messages)
            return true
        }
        return false
    }

    private func begin(_ name: String, waiting: Int) async throws {
        // Each time, because a right may have been taken back, and a refusal on the session's own channel would end it.
        if let reason = try await trial(of: name) { return warn(name, reason) }
        // The session keeps the closure: it must not keep the session.
        let consumer = try await session.consume(name) { [weak session, intake = stretch.intake] deliveries in
            if let session { intake.take(deliveries, from: session, isOwn: false) }
        }
        notices.hasSideConsumer(consumer)
        state.withDefaultQueues { $0.hasBegun(name, consumer: consumer) }
        warn(name, nil)
        stretch.source.logger.info(
            "A source empties a queue of the publishers' own.",
            metadata: ["source": "\(stretch.port.name)", "queue": "\(name)", "messages": "\(waiting)"]
        )
    }

    private func find(_ name: String) async throws(AMQPError) -> AMQPQueueState? {
        do throws(AMQPError) {
            return try await session.queueState(name)
        } catch {
            guard error.code == .missing || error.code == .accessRefused || error.code == .locked else { throw error }
            return nil
        }
    }

    /// Finds out whether the queue can be read, in a session of its own, because a refusal ends a session's consumers. A message
    /// that comes goes back to its place.
    ///
    /// - Returns: why it cannot be read; `nil` where it can.
    /// - Throws: why the source's own session is over; a trial that fails is no reason to end it.
    private func trial(of name: String) async throws -> DefaultQueues.Reason? {
        do throws(AMQPError) {
            try await tryToRead(name)
            return nil
        } catch {
            if let failure = session.failure { throw failure }
            try Task.checkCancellation()
            let now = stretch.time.steadyNow
            if error.code == .accessRefused {
                state.withDefaultQueues { $0.isRefused(name, at: now) }
                return .isRefused
            }
            state.withDefaultQueues { $0.isUntried(name, at: now) }
            return .isUntried(error)
        }
    }

    private func tryToRead(_ name: String) async throws(AMQPError) {
        var settings = stretch.source.configuration.connection
        // At the host that answers the session, where no other has to be waited for.
        settings.hosts = settings.hosts.filter { settings.place(of: $0) == session.place }
        if settings.hosts.isEmpty { settings.hosts = stretch.source.configuration.connection.hosts }
        settings.connectTimeout = min(settings.connectTimeout, Self.trialPatience)
        let trial = try await AMQPSession.open(settings, name: "\(stretch.port.name) (trial)")
        do throws(AMQPError) {
            try await trial.limitPrefetch(to: 1)
            try await trial.consume(name) { _ in }
        } catch {
            await trial.close()
            throw error
        }
        await trial.close()
    }

    private func warn(_ name: String, _ reason: DefaultQueues.Reason?) {
        stretch.monitor.warn("default queue \(name)", reason.map { problem(name, $0) })
    }

    private func problem(_ name: String, _ reason: DefaultQueues.Reason) -> SourceMonitor.Problem {
        switch reason {
        case .hasListener(let count):
            SourceMonitor.Problem(
                "the queue \(name) is not drained: \(count == 1 ? "another consumer reads" : "\(count) other consumers read") it",
                at: session.place,
                remedy:
                    "leave it to them (Ceilometer, for one) and take drain-default-queues out, or end them; it is looked at again"
            )
        case .hadListener:
            SourceMonitor.Problem(
                "the queue \(name) is not drained: somebody read it less than an hour ago, and may come back",
                at: session.place,
                remedy:
                    "nothing, where a listener is being started anew; it is drained once nobody has read it for an hour"
            )
        case .isRefused:
            SourceMonitor.Problem(
                "the queue \(name) is not drained: the user may not read it",
                at: session.place,
                remedy:
                    "let the user read the queue \(name), as martlet setup openstack --drain prints it; it is tried again"
            )
        case .isUntried(let error):
            SourceMonitor.Problem(
                "the queue \(name) is not drained: whether the user may read it is tried over a connection of its own, and \(error.what)",
                at: session.place,
                remedy: "\(error.remedy); it is tried again"
            )
        }
    }
}
