package import Martlet
package import MartletPipeline

extension InMemoryEventStore {
    package func logExtent() async throws -> LogExtent {
        try withState { state in
            LogExtent(
                first: state.events.first?.position ?? state.head.advanced(by: 1),
                head: state.head,
                oldest: state.events.first?.event.fields.recordedTime
            )
        }
    }

    /// Nothing but the bodies counts, those of dead letters and of the quarantine too; the disk is as large as the test says.
    package func space() async throws -> StoreSpace {
        let used = try await sizeInBytes() + keptBytes()
        return try withState { StoreSpace(used: used, onDisk: used, free: max(0, $0.capacity - used)) }
    }

    package func keptBytes() async throws -> Int64 {
        try withState { state in
            let letters = state.deadLetters.values.reduce(0) { $0 + $1.stored.event.payload.original.count }
            return Int64(state.quarantine.values.reduce(letters) { $0 + $1.draft.bytes.count })
        }
    }

    package func removeEvents(
        through position: Position,
        heldBy forwarders: Set<ForwarderID>,
        limit: Int
    ) async throws -> Removal {
        try withState { state in
            if let failure = state.writeFailure { throw failure }
            let wanted = min(position, state.head.advanced(by: -1))
            let holds = state.forwarders.filter { forwarders.contains($0.id) }.map { record in
                let parked = record.parked.first { !$0.isRedelivery }?.position
                let next = record.cursor.advanced(by: 1)
                return Removal.Hold(forwarder: record.id, position: min(next, parked ?? next))
            }
            let replaying = state.replays.values.filter { $0.record.state == .running }.map { replay in
                let next = replay.record.cursor.advanced(by: 1)
                return Removal.Hold(.replay(replay.record.id), position: min(next, replay.parked.keys.min() ?? next))
            }
            let hold = (holds + replaying).min { $0.position < $1.position }.flatMap {
                $0.position <= wanted ? $0 : nil
            }
            let end = hold?.position ?? Position(rawValue: .max)
            let count = state.events.prefix(limit).prefix { $0.position <= wanted && $0.position < end }.count
            state.events.removeFirst(count)
            let first = state.events.first?.position ?? state.head.advanced(by: 1)
            return Removal(removedThrough: first.advanced(by: -1), count: count, hold: hold)
        }
    }

    package func removeQuarantined(before time: Timestamp, limit: Int) async throws -> Int {
        try withState { state in
            let old = state.quarantine.values.filter { $0.receivedTime < time }.map(\.id).sorted().prefix(limit)
            for id in old { state.quarantine[id] = nil }
            return old.count
        }
    }

    package func removeTombstones(
        deletedBefore time: Timestamp,
        after key: ResourceKey?,
        limit: Int
    ) async throws -> (next: ResourceKey?, removed: Int) {
        try withState { state in
            let keys = state.resources.keys.filter { $0.rawValue > key?.rawValue ?? 0 }
                .sorted { $0.rawValue < $1.rawValue }.prefix(limit)
            let old = keys.filter { key in state.resources[key]?.deleted.map { $0 < time } ?? false }
            for key in old {
                guard let record = state.resources.removeValue(forKey: key) else { continue }
                state.resourceKeys[ResourceName(cloud: record.cloud, type: record.type, id: record.id)] = nil
            }
            return (keys.count == limit ? keys.last : nil, old.count)
        }
    }
}
