package import Martlet
package import MartletPipeline

extension InMemoryEventStore {
    /// A replay with what it has parked and given up on.
    struct Replay {
        var record: ReplayRecord
        var parked: [Position: ParkedDelivery] = [:]
        var failures: [ReplayFailure] = []
    }

    package func createReplay(_ draft: ReplayDraft) async throws -> ReplayRecord {
        try withState { state in
            if let failure = state.writeFailure { throw failure }
            let ended = state.replays.values.filter { $0.record.state.hasEnded }.map(\.record.id).sorted(by: >)
            for id in ended.dropFirst(rememberedReplayCount - 1) { state.replays[id] = nil }
            let record = ReplayRecord(id: ReplayID(rawValue: state.nextID()), draft: draft)
            state.replays[record.id] = Replay(record: record)
            return record
        }
    }

    package func replays() async throws -> [ReplayRecord] {
        try withState { state in state.replays.values.map(\.record).sorted { $0.id > $1.id } }
    }

    package func replay(_ id: ReplayID) async throws -> ReplayRecord? { try withState { $0.replays[id]?.record } }

    package func parkedDeliveries(of replay: ReplayID) async throws -> [ParkedDelivery] {
        try withState { state in
            (state.replays[replay]?.parked.values).map { $0.sorted { $0.position < $1.position } } ?? []
        }
    }

    package func saveReplay(_ progress: ReplayProgress) async throws {
        try withState { state in
            if let failure = state.writeFailure { throw failure }
            guard var replay = state.replays[progress.replay] else { return }
            let delivery = progress.delivery
            replay.record.cursor = delivery.cursor
            replay.record.counts += delivery.counts
            if let lastError = delivery.lastError { replay.record.lastError = lastError }
            for position in delivery.unparked { replay.parked[position] = nil }
            for parked in delivery.parked { replay.parked[parked.position] = parked }
            replay.record.parked = Int64(replay.parked.count)
            for draft in delivery.deadLetters {
                guard let stored = state.events.first(where: { $0.position == draft.position }) else {
                    replay.record.counts.dead -= 1
                    replay.record.counts.skipped += 1
                    continue
                }
                replay.failures.append(
                    ReplayFailure(
                        id: state.nextID(),
                        stored: stored,
                        reason: draft.reason,
                        attempts: draft.attempts,
                        time: draft.time
                    )
                )
            }
            if replay.record.state == .running {
                if progress.isFinished {
                    replay.record.state = .finished
                    replay.record.ended = progress.time
                } else if let pause = delivery.pause, let pause {
                    replay.record.state = .paused
                    replay.record.pause = pause
                }
            }
            state.replays[progress.replay] = replay
        }
    }

    package func setReplay(
        _ id: ReplayID,
        to newState: ReplayState,
        pause: Pause?,
        at time: Timestamp
    ) async throws -> Bool {
        try withState { state in
            if let failure = state.writeFailure { throw failure }
            guard var replay = state.replays[id], !replay.record.state.hasEnded else { return false }
            replay.record.state = newState
            replay.record.pause = pause
            replay.record.ended = newState.hasEnded ? time : nil
            state.replays[id] = replay
            return true
        }
    }

    package func replayFailures(
        _ id: ReplayID,
        after failure: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [ReplayFailure] {
        try withState { state in
            let failures = (state.replays[id]?.failures ?? []).filter { $0.id > failure }
            return InMemoryEventStore.page(failures, limit, maximumBytes) { $0.stored.event.payload.original.count }
        }
    }
}

extension InMemoryEventStore {
    /// Takes events out of the log, as retention does.
    package func removeEvents(_ range: ClosedRange<Position>) throws {
        try withState { state in state.events.removeAll { range.contains($0.position) } }
    }
}
