import Martlet

/// Takes the events of a unit through the gate to a sink: the one way for what is delivered, live or replayed.
struct UnitDelivery: Sendable {
    let gate: Gate
    let body: BodyForm
    let sink: any Sink
    let store: any EventStore
    /// Whether every event is marked as part of a replay; redelivered ones are in any case.
    var isReplay = false
    /// What distinguishes the ids of these batches from those of the same events on another way: `replay-3-`.
    var idPrefix = ""

    /// Hands a unit over.
    ///
    /// - Parameter cached: its events, as far as they are in memory.
    /// - Returns: what became of them; those that are no longer in the log are answered for here.
    func deliver(_ unit: DeliveryWindow.Unit, cached: [StoredEvent]) async -> BatchOutcome {
        let events: [StoredEvent]
        do {
            // Parked events have left memory and are read again.
            events = cached.count == unit.positions.count ? cached : try await store.events(at: unit.positions)
        } catch {
            return .whole(.unavailable("The store could not be read: \(error)"))
        }
        let outgoing: [OutgoingEvent]
        do {
            let records = try await records(of: events)
            outgoing = events.map { event in
                gate.render(
                    event,
                    resource: event.resourceKey.flatMap { records[$0] },
                    as: body,
                    isReplay: isReplay || unit.isRedelivery
                )
            }
        } catch {
            return .whole(.unavailable("The index could not be read: \(error)"))
        }
        guard !outgoing.isEmpty else { return .whole(.reject(UnitDelivery.isGone)) }
        let outcome = await sink.send(OutgoingBatch(id: batchID(of: unit), events: outgoing))
        return events.count < unit.positions.count ? complete(outcome, for: unit, present: events) : outcome
    }

    private static let isGone = "The event is no longer in the log."

    /// The answers for those that were there, and a rejection for each of the others.
    private func complete(
        _ outcome: BatchOutcome,
        for unit: DeliveryWindow.Unit,
        present events: [StoredEvent]
    ) -> BatchOutcome {
        let present = Set(events.map(\.position))
        var answers: [DeliveryOutcome] =
            switch outcome {
            case .whole(let outcome): Array(repeating: outcome, count: events.count)
            case .each(let outcomes): outcomes
            }
        answers.reverse()
        return .each(
            unit.positions.map { position in
                present.contains(position) ? answers.popLast() ?? .untried : .reject(UnitDelivery.isGone)
            }
        )
    }

    private func records(of events: [StoredEvent]) async throws -> [ResourceKey: ResourceRecord] {
        guard body == .enriched else { return [:] }
        let keys = Set(events.compactMap(\.resourceKey))
        return keys.isEmpty ? [:] : try await store.resources(withKeys: Array(keys))
    }

    /// Store and position, and how many more: an origin's own id is unique only within its source, and may hold anything.
    private func batchID(of unit: DeliveryWindow.Unit) -> String {
        let id = "\(store.instanceID)-\(idPrefix)\(unit.positions[0])"
        return unit.positions.count == 1 ? id : "\(id)+\(unit.positions.count - 1)"
    }
}
