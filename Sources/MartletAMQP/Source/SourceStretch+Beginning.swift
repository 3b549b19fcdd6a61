import Martlet
import MartletPipeline

// What comes before the first message.

extension SourceStretch {
    /// Makes the queue, or takes the one that is there.
    ///
    /// The alert of one that was there before and is no more is on disk before there is another: where the process ends between,
    /// the next one finds it missing, too.
    func takeQueue(_ setup: QueueSetup, _ known: inout String?) async throws -> QueueSetup.Queue {
        let present = try await setup.find()
        guard case .durable(let name, _) = source.configuration.queue else {
            return try await setup.declareQueue(over: present)
        }
        if present == nil, known == name {
            commits.add([lostQueue(name)])
            try await commits.settle()
            // Told once, however often it is tried to make another.
            known = nil
        }
        let found = try await setup.declareQueue(over: present)
        monitor.warn("queue", found.difference)
        if known != name {
            commits.add(checkpoints: [Checkpoint(key: AMQPSource.queueKey, value: name)])
            try await commits.settle()
            known = name
        }
        return found
    }

    private func lostQueue(_ name: String) -> SourceAlert {
        let last = monitor.snapshot.lastReceived
        let since = last.map { "since \($0)" } ?? "since before Martlet was started"
        var details = ["queue": name]
        details["since"] = last?.description
        return SourceAlert(
            .gap,
            "The queue \(name) was gone and is made anew: what was in it, and what was published \(since) until it is there again, may be lost.",
            details: details
        )
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
