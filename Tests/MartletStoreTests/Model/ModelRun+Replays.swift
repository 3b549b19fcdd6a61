import Martlet
import MartletPipeline
import MartletStore
import MartletTesting

// Replays, made, decided about and looked at.

extension ModelRun {
    /// - Parameters:
    ///   - from: where it begins, in percent of the log; what has been removed may be in it.
    ///   - through: where it ends.
    func makeReplay(to destination: Int, from: Int, through: Int, rate: Int?, _ life: ModelLife) async throws {
        guard log.head > 0, let plan = plans[destination] else { return }
        let first = 1 + (log.head - 1) * Int64(from) / 100
        let range = first...max(first, log.head * Int64(through) / 100)
        let draft = ReplayDraft(
            definition: ModelReplayDefinitions.definition(to: destination),
            forwarder: destination < ModelSteps.forwarders ? plan.name : nil,
            sink: "model",
            range: Position(rawValue: range.lowerBound)...Position(rawValue: range.upperBound),
            rate: rate,
            note: nil,
            created: time.now
        )
        let made = Shared<ReplayRecord?>(nil)
        try await tolerating(life) {
            let record = try await life.replays.create(draft)
            made.change { $0 = record }
        }
        guard let record = made.now else { return }
        replays.append(ModelReplay(record.id, to: destination, range, plan, now: time.steadyNow))
    }

    func decide(_ decision: ReplayDecision, aboutReplay number: Int, _ life: ModelLife) async throws {
        guard !replays.isEmpty else { return }
        let index = number % replays.count
        let id = replays[index].id
        let before = try await life.store.real.replay(id)
        let isDone = try await tolerating(life) {
            switch decision {
            case .pause: try await life.replays.pause(id, reason: "asked for")
            case .resume: try await life.replays.resume(id)
            case .cancel: try await life.replays.cancel(id)
            }
        }
        guard isDone else { return }
        switch decision {
        case .pause: replays[index].decision = .paused
        case .resume: if before?.state == .paused { replays[index].decision = nil }
        case .cancel: replays[index].decision = .cancelled
        }
    }

    /// Does what may be refused: by a full disk, for a replay that has ended, or where as many run as may.
    @discardableResult
    private func tolerating(_ life: ModelLife, _ body: @escaping @Sendable () async throws -> Void) async throws -> Bool
    {
        let records = try await life.store.real.replays()
        let (isFull, isCrowded) = (life.store.isFull, records.count { $0.state == .running } >= Replays.maximumRunning)
        let isRefused = Shared(false)
        try await life.perform {
            do {
                try await body()
            } catch let error as StoreError where error.code == .full && isFull {
                isRefused.change { $0 = true }
            } catch let error as ReplayError where error.code == .conflict || error.code == .tooMany && isCrowded {
                isRefused.change { $0 = true }
            }
        }
        return !isRefused.now
    }

    func checkReplays(_ store: SQLiteEventStore) async throws {
        for index in replays.indices {
            guard let record = try await store.replay(replays[index].id) else {
                throw Violation(8, "replay \(replays[index].id) is not known any more")
            }
            let stored = ModelReplay.Stored(
                record: record,
                parked: try await store.parkedDeliveries(of: record.id),
                failures: try await store.replayFailures(record.id, after: 0, limit: 10_000)
            )
            try replays[index].check(stored, log, now: time.steadyNow, clock: time.now)
        }
    }

    /// Lets time pass while replays run: some go at a rate.
    func passUntilReplaysRest(_ life: ModelLife) async throws {
        for _ in 0..<400 {
            let isRunning = try await life.store.real.replays().contains { $0.state == .running }
            guard isRunning else { return }
            time.advance(by: .milliseconds(250))
            await executor.quiet()
        }
    }
}
