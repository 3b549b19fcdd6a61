package import Logging
package import Martlet
import MartletClouds
import Synchronization

/// The way in of one source: format, cloud, what it ignores; the same behind every transport.
package final class SourcePort: Sendable {
    package let origin: Origin
    package let decoder: any EventDecoder
    /// Events whose topic one of these matches are dropped before the commit, and counted.
    package let ignore: [TopicPattern]
    package let intake: Intake
    /// How the source fares, for `status` and the metrics.
    package let monitor: SourceMonitor
    private let twins = Mutex(TwinWindow())

    package init(
        origin: Origin,
        decoder: any EventDecoder,
        ignore: [TopicPattern],
        intake: Intake,
        time: any TimeSource = SystemTime(),
        logger: Logger? = nil
    ) {
        self.origin = origin
        self.decoder = decoder
        self.ignore = ignore
        self.intake = intake
        var logger = logger
        logger?[metadataKey: "source"] = "\(origin.sourceName)"
        monitor = SourceMonitor(time: time, logger: logger)
    }

    package var name: String { origin.sourceName }

    /// Reads messages and commits what is in them, for one who has somebody waiting for the answer: refused rather than held
    /// where that would take long.
    ///
    /// Unreadable ones go to the quarantine and cost nobody else (promise 12).
    ///
    /// - Returns: after the commit, what became of the batch and the items that were not readable.
    /// - Throws: ``IntakeError`` or ``StoreError``; nothing has been kept then.
    package func receive(_ messages: [Message], checkpoints: [Checkpoint] = []) async throws -> Reception {
        let batch = makeBatch(messages, checkpoints: checkpoints)
        var reception = Reception(receipt: CommitReceipt(), ignored: batch.ignored, problems: batch.problems)
        if !batch.batch.items.isEmpty || !checkpoints.isEmpty {
            reception.receipt = try await submit(batch.batch)
        }
        // Counted when the rest is on disk: a batch that is handed over again is not counted twice.
        if batch.ignored > 0 { intake.counters.addIgnored(batch.ignored, source: name) }
        return reception
    }

    /// Hands a batch to the intake that somebody waits for.
    ///
    /// - Throws: ``IntakeError`` or ``StoreError``; nothing has been kept then.
    package func submit(_ batch: IntakeBatch) async throws -> CommitReceipt {
        try await intake.submit(batch, patience: intake.limits.patience)
    }

    /// Reads messages without committing them.
    ///
    /// - Parameter ignoringTwins: whether of two that tell of one deed in two forms the second is ignored. Only for whom the
    ///   first comes again where it is not committed, and who answers for the second after it.
    package func makeBatch(
        _ messages: [Message],
        checkpoints: [Checkpoint] = [],
        resolvedQuarantine: [Int64] = [],
        ignoringTwins: Bool = false
    ) -> (batch: IntakeBatch, ignored: Int, problems: [Reception.Problem]) {
        var items: [IntakeItem] = []
        items.reserveCapacity(messages.count)
        var problems: [Reception.Problem] = []
        var ignored = 0
        if !messages.isEmpty { monitor.received() }
        for (index, message) in messages.enumerated() {
            do {
                var (event, facts) = try decoder.decode(message, from: origin)
                if let key = message.routingKey, key != event.topic.text { event = event.with { $0.routingKey = key } }
                try EventBounds.check(event)
                if ignore.contains(where: { $0.matches(event.topic) }) {
                    ignored += 1
                } else if ignoringTwins, let twin = facts?.twin, twins.withLock({ $0.isSecond(twin) }) {
                    ignored += 1
                } else {
                    items.append(.event(event, facts))
                }
            } catch {
                problems.append(Reception.Problem(index: index, reason: error.reason))
                items.append(
                    .unreadable(
                        QuarantineDraft(
                            bytes: Credentials.cut(from: message.bytes) ?? message.bytes,
                            reason: error.reason,
                            routingKey: message.routingKey,
                            headers: message.headers.filter { $0.key.isKept }.mapValues(\.withoutCredentials)
                        )
                    )
                )
            }
        }
        let batch = IntakeBatch(
            source: name,
            items: items,
            checkpoints: checkpoints,
            resolvedQuarantine: resolvedQuarantine
        )
        return (batch, ignored, problems)
    }
}

extension SourcePort {
    /// An alert of Martlet's own about this source, to be committed with the batch that it belongs to.
    package func item(for alert: SourceAlert) -> IntakeItem {
        .event(alert.event(of: origin, at: monitor.time.now), nil)
    }

    /// Commits an alert of Martlet's own about this source.
    ///
    /// - Throws: ``IntakeError`` or ``StoreError``; the alert has not been kept then.
    package func raise(_ alert: SourceAlert) async throws {
        _ = try await intake.submit(IntakeBatch(source: name, items: [item(for: alert)]))
    }
}

/// What became of what a transport handed over at once.
package struct Reception: Sendable, Hashable {
    /// An item that no event could be made of.
    package struct Problem: Sendable, Hashable {
        /// Its place among the items handed over.
        package var index: Int
        package var reason: String

        package init(index: Int, reason: String) {
            self.index = index
            self.reason = reason
        }
    }

    package var receipt: CommitReceipt
    package var ignored: Int
    package var problems: [Problem]
}

extension String {
    /// The headers that a format reads, and so the only ones that the quarantine keeps: none with credentials.
    fileprivate var isKept: Bool {
        let prefix = ["ce-", "ce_", "cloudevents:", "cloudevents_", "x-cs-event"].first { hasPrefix($0) }
        guard let prefix else { return ["content-type", "user-agent", "kafka-key"].contains(self) }
        return !Credentials.isName(String(dropFirst(prefix.count)))
    }

    /// The value of a header without credentials within it.
    fileprivate var withoutCredentials: String {
        Credentials.cut(from: ArraySlice(utf8)).map { String(decoding: $0, as: UTF8.self) } ?? self
    }
}
