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
            state.withDefaultQueues { $0.beginSession() }
            // For the consumers that begin from now on: the source's own has begun.
            try await session.limitPrefetch(to: Self.prefetch)
            hasBegun = true
        }
        let ended = notices.takeEndedSideConsumers()
        if !ended.isEmpty { state.withDefaultQueues { $0.haveEnded(ended) } }
        for name in state.settings.keys {
            let now = stretch.time.steadyNow
            guard state.withDefaultQueues({ $0.isDue(name, at: now) }) else { continue }
            try await look(at: name, now)
        }
    }

    private func look(at name: String, _ now: Timestamp) async throws {
        guard let queue = try await find(name) else {
            state.withDefaultQueues { $0.isMissing(name, at: now) }
            warn(name, nil)
            return
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
        case .begin: try await begin(name, now, waiting: queue.messages)
        }
    }

    private func begin(_ name: String, _ now: Timestamp, waiting: Int) async throws {
        if !state.withDefaultQueues({ $0.isReadable(name) }) {
            let isReadable = try await mayRead(name)
            state.withDefaultQueues { $0.isReadable(name, isReadable, at: now) }
            guard isReadable else { return warn(name, .isRefused) }
        }
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

    /// Tried in a session of its own, because a refusal ends a session's consumers. A message that comes goes back to its place.
    private func mayRead(_ name: String) async throws -> Bool {
        let settings = stretch.source.configuration.connection
        let trial = try await AMQPSession.open(settings, name: "\(stretch.port.name) (trial)")
        let isReadable: Bool
        do throws(AMQPError) {
            try await trial.limitPrefetch(to: 1)
            try await trial.consume(name) { _ in }
            isReadable = true
        } catch {
            guard error.code == .accessRefused else {
                await trial.close()
                throw error
            }
            isReadable = false
        }
        await trial.close()
        return isReadable
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
        }
    }
}
