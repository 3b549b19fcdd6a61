import Martlet

/// Takes the events of a unit through the gate to a sink: the one way for what is delivered, live or replayed.
struct UnitDelivery: Sendable {
    let gate: Gate
    let body: BodyForm
    let sink: any Sink
    let store: any EventStore
    /// Whose copies of removed events are looked for, too.
    var forwarder: ForwarderID?
    /// Whether every event is marked as part of a replay; redelivered ones are in any case.
    var isReplay = false
    /// What stands beside a resource's document in the enriched form; `nil` where nobody is asked for anything.
    var enrichment: Enrichment?
    /// How long the resources of the events may be asked for before they leave; `nil` to wait for nothing.
    var enrichWait: Duration?
    /// What distinguishes the ids of these batches from those of the same events on another way: `replay-3-`.
    var idPrefix = ""

    /// What became of a unit.
    struct Answer: Sendable {
        /// Of those events that were there.
        var outcome: BatchOutcome
        /// The events that are no longer in the log.
        var lost: Set<Position> = []
        /// The events that were too much at once.
        var left: Set<Position> = []
    }

    /// Hands a unit over.
    ///
    /// - Parameter cached: its events, as far as they are in memory.
    func deliver(_ unit: DeliveryWindow.Unit, cached: [StoredEvent]) async -> Answer {
        let events: [StoredEvent]
        let left: Set<Position>
        do {
            // Parked events have left memory and are read again.
            (events, left) = cached.count == unit.positions.count ? (cached, []) : try await read(unit)
        } catch {
            return Answer(outcome: .whole(.unavailable("The store could not be read: \(error)")))
        }
        let isComplete = events.count + left.count == unit.positions.count
        let lost = isComplete ? [] : Set(unit.positions).subtracting(events.map(\.position)).subtracting(left)
        guard !events.isEmpty else { return Answer(outcome: .whole(.untried), lost: lost, left: left) }
        let outgoing: [OutgoingEvent]
        do {
            await settle(events)
            let records = try await records(of: events)
            let contexts = body == .enriched ? try await enrichment?.contexts(of: records) ?? [:] : [:]
            outgoing = events.map { event in
                gate.render(
                    unit.resynchronised.contains(event.position) ? event.markedAsResynchronised : event,
                    resource: event.resourceKey.flatMap { records[$0] },
                    context: event.resourceKey.flatMap { contexts[$0] } ?? ResourceContext(),
                    as: body,
                    isReplay: isReplay || unit.isRedelivery
                )
            }
        } catch {
            let outcome = DeliveryOutcome.unavailable("The index could not be read: \(error)")
            return Answer(outcome: .whole(outcome), lost: lost, left: left)
        }
        let sent = left.isEmpty ? unit.positions : unit.positions.filter { !left.contains($0) }
        let batch = OutgoingBatch(id: batchID(of: sent), events: outgoing, scope: scope)
        return Answer(outcome: await sink.send(batch), lost: lost, left: left)
    }

    private func settle(_ events: [StoredEvent]) async {
        guard let enrichment, let enrichWait, body == .enriched else { return }
        var subjects: [ResourceSubject: Position] = [:]
        for stored in events {
            // Ascending: the last event of a resource is the one to wait for.
            if let subject = ResourceSubject(stored.event) { subjects[subject] = stored.position }
        }
        await enrichment.settle(subjects, atMost: enrichWait)
    }

    /// Events read at once where their size is not known.
    private static let readStep = 16

    /// Reads what is sent, and tells what of a unit that may be cut is too much.
    private func read(_ unit: DeliveryWindow.Unit) async throws -> (events: [StoredEvent], left: Set<Position>) {
        guard unit.mayBeCut else { return (try await read(unit.positions), []) }
        var events: [StoredEvent] = []
        var byteCount = 0
        for start in stride(from: 0, to: unit.positions.count, by: Self.readStep) {
            let end = min(start + Self.readStep, unit.positions.count)
            for event in try await read(Array(unit.positions[start..<end])) {
                byteCount += event.event.payload.original.count
                if !events.isEmpty, byteCount > sink.delivery.maximumBytes {
                    return (events, Set(unit.positions.filter { $0 >= event.position }))
                }
                events.append(event)
            }
        }
        return (events, [])
    }

    private func read(_ positions: [Position]) async throws -> [StoredEvent] {
        guard let forwarder else { return try await store.events(at: positions) }
        return try await store.events(at: positions, for: forwarder)
    }

    private func records(of events: [StoredEvent]) async throws -> [ResourceKey: ResourceRecord] {
        guard body == .enriched || gate.asksForOwner else { return [:] }
        let keys = Set(events.compactMap(\.resourceKey))
        return keys.isEmpty ? [:] : try await store.resources(withKeys: Array(keys))
    }

    /// Store and position; of several events how many more, and a hash of all their positions: an origin's own id is unique
    /// only within its source, and may hold anything.
    ///
    /// The first position and the number alone would be the same for other events, put together after a failure from what
    /// was free to go then; and who knows the id drops them.
    private func batchID(of positions: [Position]) -> String {
        let id = "\(scope)\(positions[0])"
        return positions.count == 1 ? id : "\(id)+\(positions.count - 1)-\(positions.compositionHash)"
    }

    private var scope: String { "\(store.instanceID)-\(idPrefix)" }
}

extension [Position] {
    /// FNV-1a of 64 bits over the positions (draft-eastlake-fnv), in hexadecimal: it stays the same between releases.
    fileprivate var compositionHash: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for position in self {
            var rest = UInt64(bitPattern: position.rawValue)
            for _ in 0..<8 {
                hash = (hash ^ (rest & 0xFF)) &* 0x0000_0100_0000_01B3
                rest >>= 8
            }
        }
        return String(hash, radix: 16)
    }
}
