import Logging
import Martlet
import MartletPipeline

// What comes before the first message, and alerts.

extension SourceStretch {
    /// Notes that the queue has been made, or raises an alert where it was before and is no more.
    func remember(_ found: QueueSetup.Queue) async throws -> String? {
        monitor.warn("queue", found.difference)
        guard case .durable(let name, _) = source.configuration.queue else { return nil }
        if found.isNew, knownQueue == name { try await raiseGap(lostQueue(name)) }
        if knownQueue != name {
            let checkpoint = Checkpoint(key: AMQPSource.queueKey, value: name)
            try await source.persist("note its queue") {
                _ = try await port.intake.submit(IntakeBatch(source: port.name, items: [], checkpoints: [checkpoint]))
            }
        }
        return name
    }

    private func lostQueue(_ name: String) -> SourceAlert {
        let last = monitor.snapshot.lastReceived
        let since = last.map { "since \($0)" } ?? "since before Martlet was started"
        var details = ["queue": name]
        details["since"] = last?.description
        return SourceAlert(
            .gap,
            "The queue \(name) was gone and has been made anew: what was in it, and what was published \(since) until now, may be lost.",
            details: details
        )
    }

    func raiseGap(_ alert: SourceAlert) async throws {
        try await source.persist("raise an alert") { try await port.raise(alert) }
        hasRaised(alert)
    }

    /// A gap alert has been committed.
    func hasRaised(_ alert: SourceAlert) {
        monitor.addGap()
        source.logger.warning(
            "A source may have missed events.",
            metadata: ["source": "\(port.name)", "gap": "\(alert.text)"]
        )
    }

    /// Binds the queue; those exchanges that it could not be bound to are answered.
    func bind(_ setup: QueueSetup, _ queue: String, _ exchanges: [String]) async throws -> [String] {
        var unbound: [String] = []
        for exchange in exchanges {
            let problem = try await setup.bind(queue, to: exchange)
            monitor.warn("exchange \(exchange)", problem)
            if problem != nil { unbound.append(exchange) }
        }
        return unbound
    }

    func consume(_ found: QueueSetup.Queue, _ session: AMQPSession) async throws {
        try await session.limitPrefetch(to: source.configuration.prefetch)
        intake.begin(session)
        intake.sees(messages: found.messages)
        monitor.hasBacklog(Int64(found.messages))
        // The session keeps the closure: it must not keep the session.
        try await session.consume(found.name) {
            [weak session, intake, notifications = source.notifications] deliveries in
            notifications?.saw(deliveries)
            if let session { intake.take(deliveries, from: session) }
        }
        monitor.isRunning(at: session.place)
    }
}
