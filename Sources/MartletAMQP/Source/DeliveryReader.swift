import Martlet
import MartletJSON
import MartletPipeline

/// Reads deliveries through a source's port, on whatever thread they come.
struct DeliveryReader: Sendable {
    let port: SourcePort
    let limits: AMQPLimits

    /// Reads deliveries in order.
    ///
    /// - Parameters:
    ///   - isInOrder: whether they come by the way on which their publishers' events keep their order.
    ///   - isRepetition: asked for each event without an id that the broker marks redelivered, with its hash; those for
    ///     which it says so are counted and not handed over (promise 4).
    func read(
        _ deliveries: [AMQPDelivery],
        isInOrder: Bool = true,
        isRepetition: (UInt64) -> Bool
    ) -> DeliveryBatch {
        var batch = DeliveryBatch()
        batch.count = deliveries.count
        batch.tag = deliveries.last?.tag ?? 0
        batch.items.reserveCapacity(deliveries.count)
        // Most are neither redelivered nor too large, and are read together.
        var plain: [Message] = []
        plain.reserveCapacity(deliveries.count)
        for delivery in deliveries {
            batch.byteCount += delivery.body.count
            if !delivery.isRedelivered, !delivery.isCut {
                plain.append(message(delivery))
                continue
            }
            take(plain, into: &batch)
            plain = []
            if delivery.isCut {
                takeCut(delivery, into: &batch)
            } else {
                take([message(delivery)], into: &batch, isRepetition: isRepetition)
            }
        }
        take(plain, into: &batch)
        if !isInOrder { batch.items = batch.items.map(\.outOfOrder) }
        return batch
    }

    private func message(_ delivery: AMQPDelivery) -> Message {
        Message(
            bytes: delivery.body,
            // No JSON is what the format tells the reason of.
            json: try? JSONDocument(parsing: delivery.body).root,
            routingKey: delivery.routingKey,
            headers: delivery.headers
        )
    }

    private func take(
        _ messages: [Message],
        into batch: inout DeliveryBatch,
        isRepetition: (UInt64) -> Bool = { _ in false }
    ) {
        guard !messages.isEmpty else { return }
        let made = port.makeBatch(messages, ignoringTwins: true)
        batch.ignored += made.ignored
        for item in made.batch.items {
            if case .event(let event, _) = item, event.id.isEmpty {
                let hash = ContentHash.of(event)
                if isRepetition(hash) {
                    batch.duplicates += 1
                    continue
                }
                batch.hashes.append(hash)
            }
            batch.items.append(item)
        }
    }

    /// The head of a message that was too large goes to the quarantine. Its headers are left out, so that no format takes the
    /// head for the whole.
    private func takeCut(_ delivery: AMQPDelivery, into batch: inout DeliveryBatch) {
        let head = Message(bytes: delivery.body, json: nil, routingKey: delivery.routingKey)
        let made = port.makeBatch([head], ignoringTwins: true)
        batch.ignored += made.ignored
        for item in made.batch.items {
            var draft =
                switch item {
                case .unreadable(let draft): draft
                // A whole event with a great many blanks behind it, for one.
                case .event(let event, _):
                    QuarantineDraft(bytes: event.payload.original, reason: "", routingKey: delivery.routingKey)
                }
            draft.reason =
                "the message has \(delivery.size) bytes, more than the \(limits.maximumBody) allowed; its head is kept"
            batch.items.append(.unreadable(draft))
        }
    }
}
