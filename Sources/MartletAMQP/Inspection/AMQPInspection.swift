/// A look at a broker: what it is, what is there, and whether a message comes back.
///
/// Nothing is changed but for ``roundTrip(timeout:)``, which uses a queue of its own that goes with the connection.
package final class AMQPInspection: Sendable {
    /// Whether something is as it is wanted.
    package enum Match: Sendable, Hashable {
        case same
        /// In the broker's words.
        case different(String)
        /// The user may not find out; the broker's words.
        case unknown(String)
    }

    private let session: AMQPSession

    private init(_ session: AMQPSession) { self.session = session }

    /// Runs a body with a connection to the first host that answers.
    ///
    /// - Throws: ``AMQPError``, or what the body throws.
    package static func withInspection<Result>(
        of settings: AMQPSettings,
        _ body: (AMQPInspection) async throws -> Result
    ) async throws -> Result {
        let session = try await AMQPSession.open(settings, name: "inspection")
        let result: Result
        do {
            result = try await body(AMQPInspection(session))
        } catch {
            await session.close()
            throw error
        }
        await session.close()
        return result
    }

    /// The broker's product and version, as it says itself.
    package var server: AMQPServer { session.server }
    /// The host that answered, without credentials.
    package var place: String { session.place }

    /// Whether there is an exchange of this name, whatever its type.
    package func exchangeExists(_ name: String) async throws(AMQPError) -> Bool {
        do throws(AMQPError) {
            try await session.checkExchange(name)
            return true
        } catch {
            guard error.code == .missing else { throw error }
            return false
        }
    }

    /// Whether an exchange is of this type and as durable; `nil` where there is none.
    package func exchange(_ name: String, is type: String, isDurable: Bool) async throws(AMQPError) -> Match? {
        // A declaration that is equivalent to what is there changes nothing; one of a missing exchange would make it.
        guard try await exchangeExists(name) else { return nil }
        do throws(AMQPError) {
            try await session.declareExchange(name, type: type, isDurable: isDurable)
            return .same
        } catch {
            switch error.code {
            case .inequivalent: return .different(error.what)
            case .accessRefused: return .unknown(error.what)
            default: throw error
            }
        }
    }

    /// What the broker says of a queue; `nil` where there is none.
    package func queue(_ name: String) async throws(AMQPError) -> AMQPQueueState? {
        do throws(AMQPError) {
            return try await session.queueState(name)
        } catch {
            guard error.code == .missing else { throw error }
            return nil
        }
    }

    /// Publishes a message into a queue of its own, gets it back, and says how long that took.
    ///
    /// - Throws: ``AMQPError/Code/timedOut`` where it has not come back in time.
    package func roundTrip(timeout: Duration = .seconds(10)) async throws(AMQPError) -> Duration {
        let queue = try await session.declareQueue(
            AMQPQueue(name: "", isDurable: false, isExclusive: true, isAutoDelete: true)
        )
        let body = Array("martlet \(UInt64.random(in: 0 ... .max))".utf8)
        let (arrivals, arrival) = AsyncStream<ContinuousClock.Instant>.makeStream()
        let tag = try await session.consume(queue.name) { [weak session] deliveries in
            for delivery in deliveries {
                session?.acknowledge(delivery.tag)
                if delivery.body.elementsEqual(body) { arrival.yield(.now) }
            }
        }
        let start = ContinuousClock.now
        let probe = AMQPPublication(
            exchange: "",
            routingKey: queue.name,
            body: body,
            isPersistent: false,
            isMandatory: true
        )
        let outcome = await session.publish([probe], timeout: timeout)
        switch outcome.first {
        case .confirmed: break
        case .lost(let error), .unsent(let error): throw error
        case .nacked, .returned, nil: throw notBack
        }
        guard let end = await Self.first(of: arrivals, by: start + timeout) else { throw notBack }
        try await session.cancelConsumer(tag)
        return end - start
    }

    /// `nil` where nothing has come by the deadline, or the task was cancelled.
    private static func first(
        of arrivals: AsyncStream<ContinuousClock.Instant>,
        by deadline: ContinuousClock.Instant
    ) async -> ContinuousClock.Instant? {
        await withTaskGroup(of: ContinuousClock.Instant?.self) { group in
            group.addTask {
                for await arrival in arrivals { return arrival }
                return nil
            }
            group.addTask {
                // A cancelled sleep is the arrival, or the caller's own cancellation.
                try? await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private var notBack: AMQPError {
        AMQPError(.timedOut, "a message did not come back", at: place, remedy: "look at the broker's load and alarms")
    }
}
