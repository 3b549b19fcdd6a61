import Martlet
import MartletPipeline
@testable import MartletStore
import MartletTesting

// What each step does to the real parts and to the model.

extension ModelRun {
    func makeBatches(_ drafts: [[Draft]]) -> [ModelLog.Batch] { drafts.map { log.makeBatch($0, now: time.now) } }

    func perform(_ step: ModelStep, _ life: ModelLife) async throws {
        switch step {
        case .append(let drafts): try await append(drafts, life)
        case .advance(let seconds): time.advance(by: .seconds(seconds))
        case .jump(let seconds):
            time.set(by: .seconds(seconds))
            lead += .seconds(seconds)
            graceEnd = time.steadyNow + .seconds(61)
            for number in forwarders.keys { forwarders[number]?.setClock(to: time.now) }
            for index in replays.indices { replays[index].setClock(to: time.now) }
        case .weather(let number, let new):
            weather[number] = new
            destinations[number]?.set(new)
        case .disk(let isFull): life.store.isFull = isFull
        case .save: try await decide(life) { try await life.intake.save() }
        case .pause(let number):
            try await decide(life) { try await life.forwarders[number]?.pause(reason: "asked for") }
        case .resume(let number):
            forwarders[number]?.disturb()
            try await decide(life) { try await life.forwarders[number]?.resume() }
        case .redeliver(let number, let every):
            guard let forwarder = life.forwarders[number] else { return }
            let letters = try await letters(of: forwarder, every: every, life)
            forwarders[number]?.willRedeliver(letters)
            try await decide(life) { try await forwarder.redeliver(letters.map(\.reference)) }
        case .discard(let number, let every):
            guard let forwarder = life.forwarders[number] else { return }
            let letters = try await letters(of: forwarder, every: every, life)
            forwarders[number]?.willDiscard(letters)
            try await decide(life) { try await forwarder.discard(letters.map(\.reference)) }
        case .retain(let last): try await retain(last, life)
        case .hours(let batches): try await pass(batches, life)
        case .tidy: try await tidy(life)
        case .replay(let destination, let from, let through, let rate):
            try await makeReplay(to: destination, from: from, through: through, rate: rate, life)
        case .decide(let number, let decision): try await decide(decision, aboutReplay: number, life)
        case .reload(let configuration): try await reload(configuration, life)
        case .restart, .crash: break
        }
    }

    /// Does what the store does by itself, four times a second.
    func tidy(_ life: ModelLife) async throws {
        try await life.store.real.tidy()
        log.note(commitsAt: life.store.takeCommits() + [time.now])
    }

    /// Each hour is a little longer than that: the store begins another table of identities.
    private func pass(_ hours: [[Draft]], _ life: ModelLife) async throws {
        for drafts in hours {
            time.advance(by: .seconds(3_601))
            await executor.quiet()
            try await append([drafts], life)
        }
    }

    /// Promise 11: nothing goes that a forwarder has not concluded; one that is out of the configuration for now holds nothing.
    private func retain(_ last: Int, _ life: ModelLife) async throws {
        // What is saved late may speak of events that are gone by then.
        if life.owesProgress { return }
        let store = life.store.real
        let held = Set(life.forwarders.values.map(\.id))
        let statuses = try await store.forwarderStatuses().filter { held.contains($0.id) }
        var oldest = log.head
        for status in statuses {
            let record = try await store.openForwarder(name: status.name, start: .zero)
            let parked = record.parked.filter { !$0.isRedelivery }.map(\.position.rawValue).min()
            oldest = min(oldest, status.cursor.rawValue + 1, parked ?? .max)
        }
        for replay in try await store.replays() where replay.state == .running {
            let parked = try await store.parkedDeliveries(of: replay.id).map(\.position.rawValue).min()
            oldest = min(oldest, replay.cursor.rawValue + 1, parked ?? .max)
        }
        let expected = max(log.removedThrough, min(log.head - Int64(last), oldest - 1))
        let removal = try await store.removeEvents(
            through: Position(rawValue: max(0, log.head - Int64(last))),
            heldBy: held,
            limit: 100_000
        )
        if removal.removedThrough.rawValue != expected {
            throw Violation(11, "retention has removed up to \(removal.removedThrough), not \(expected)")
        }
        log.removedThrough = expected
    }

    private func letters(of forwarder: Forwarder, every: Int, _ life: ModelLife) async throws -> [DeadLetter] {
        // With a full disk a decision is kept in memory only: what an operator is told has failed is not tried here.
        if life.store.isFull { return [] }
        let letters = try await life.store.real.deadLetters(forwarder: forwarder.name, after: 0, limit: 1_000)
        return letters.enumerated().filter { $0.offset % every == 0 }.map(\.element)
    }

    /// What an operator asks for; a full disk refuses to store it.
    private func decide(_ life: ModelLife, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let isFull = life.store.isFull
        try await life.perform {
            do { try await body() } catch let error as StoreError where error.code == .full && isFull {}
        }
    }

    /// Batches that are handed over at once: stored, or refused as a whole.
    private func append(_ drafts: [[Draft]], _ life: ModelLife) async throws {
        let batches = makeBatches(drafts)
        let isFull = life.store.isFull
        let receipts = Shared<[Int: CommitReceipt]>([:])
        try await life.perform {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, batch) in batches.map(\.intake).enumerated() {
                    group.addTask {
                        do {
                            let receipt = try await life.intake.submit(batch)
                            receipts.change { $0[index] = receipt }
                        } catch let error as StoreError where error.code == .full && isFull {}
                    }
                }
                try await group.waitForAll()
            }
        }
        let answers = receipts.now
        log.note(commitsAt: life.store.takeCommits())
        if isFull {
            guard answers.isEmpty else { throw Violation(1, "a full disk has acknowledged \(answers)") }
            return
        }
        for (index, batch) in batches.enumerated() {
            try await log.takeAlerts(from: life.store.real)
            let expected = log.commit(batch, recorded: life.store.recordedTime ?? time.now)
            guard let answer = answers[index], answer == expected else {
                throw Violation(4, "a batch was answered \(answers[index].map { "\($0)" } ?? "-"), not \(expected)")
            }
        }
    }

    /// Makes the world good again and lets time pass: then nothing may be left over.
    func finish(_ life: ModelLife) async throws {
        for (number, destination) in destinations {
            weather[number] = .fine
            destination.set(.fine)
        }
        // Due times are by the wall clock: one that was set back is set right.
        time.set(by: max(.zero, .zero - lead))
        for _ in 0..<20 {
            for number in forwarders.keys { forwarders[number]?.disturb() }
            for forwarder in life.forwarders.values { try await life.perform { try await forwarder.resume() } }
            for number in replays.indices { try await decide(.resume, aboutReplay: number, life) }
            time.advance(by: .seconds(70))
            await executor.quiet()
            try await passUntilReplaysRest(life)
            try await check(life)
            let statuses = try await life.store.real.forwarderStatuses()
            let records = try await life.store.real.replays()
            if statuses.allSatisfy({ $0.pending == 0 }), records.allSatisfy(\.state.hasEnded) {
                return try await life.stop()
            }
        }
        throw Violation(5, "with all destinations back, something is still pending")
    }
}
