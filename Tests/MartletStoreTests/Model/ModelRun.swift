import Foundation
import Martlet
import MartletPipeline
import MartletStore
import MartletTesting

/// One run: the steps done with the real parts and with the model, and the two compared after each step.
final class ModelRun {
    let steps: [ModelStep]
    /// The step that is being done.
    private(set) var index = 0
    let executor = SteppedExecutor()
    let time = ManualTime()
    let plans: [Int: ForwarderPlan]
    var log = ModelLog()
    var forwarders: [Int: ModelForwarder] = [:]
    var sinks: [Int: ModelSink] = [:]
    var weather: [Int: Weather] = [:]
    private var running = Set(0..<ModelSteps.forwarders)
    private var directory: String
    private let base: String
    /// How far the clock is ahead of the one that nobody sets.
    var lead = Duration.zero
    /// How far it has been set forward, all times together.
    var leaps = Duration.zero
    /// Up to here a reader has read the log.
    var readThrough: Int64 = 0
    /// Until then, by the clock that nobody sets, a forwarder may sleep for longer than the clock that was set says.
    var graceEnd = Timestamp(seconds: 0)

    init(seed: UInt64, steps: [ModelStep], in base: String) {
        self.steps = steps
        self.base = base
        directory = base + "/0"
        var random = SeededGenerator(seed: ~seed)
        var plans: [Int: ForwarderPlan] = [:]
        for number in 0..<ModelSteps.forwarders {
            let plan = ForwarderPlan(number: number, random: &random)
            plans[number] = plan
            sinks[number] = ModelSink(plan.delivery, seed: random.next(), time: time, executor: executor)
        }
        self.plans = plans
    }

    /// Does all steps, one life after the other, and then lets everything be delivered.
    func run() async throws {
        while index < steps.count { try await live { try await self.doSteps($0) } }
        running = Set(0..<ModelSteps.forwarders)
        try await live { try await self.finish($0) }
    }

    private func live(_ body: (ModelLife) async throws -> Void) async throws {
        var starts: [Int: Int64] = [:]
        for number in running.sorted() {
            guard let plan = plans[number] else { continue }
            // Half of them begin where the log is when they are first seen.
            let start = forwarders[number]?.start ?? (number % 2 == 0 ? log.removedThrough : log.head)
            if forwarders[number] == nil { forwarders[number] = ModelForwarder(plan, start: start) }
            starts[number] = start
        }
        let life = try await ModelLife(
            at: directory,
            plans: plans.filter { running.contains($0.key) },
            starts: starts,
            sinks: sinks,
            executor: executor,
            time: time
        )
        do {
            try await life.run {
                try await self.check(life)
                try await body(life)
            }
        } catch {
            try await life.store.real.close()
            throw error
        }
        try await life.store.real.close()
    }

    /// Does steps until one of them ends the life.
    private func doSteps(_ life: ModelLife) async throws {
        while index < steps.count {
            let step = steps[index]
            index += 1
            switch step {
            case .restart(let next):
                life.store.isFull = false
                // A destination that hangs is cut off when the patience of stopping ends.
                try await life.stop()
                try await check(life, isStopped: true)
                running = next
                return
            case .crash(let drafts, let jobs, let next):
                try await crash(life, drafts, afterJobs: jobs)
                running = next
                return
            default:
                try await perform(step, life)
                await executor.quiet()
                try await check(life)
            }
        }
    }

    /// Kills the process so many jobs after batches were handed over; what is on disk then is the next life's.
    private func crash(_ life: ModelLife, _ drafts: [[Draft]], afterJobs jobs: Int) async throws {
        let batches = makeBatches(drafts)
        let answered = Shared(0)
        let next = base + "/\(index)"
        try await withThrowingTaskGroup(of: Void.self) { group in
            executor.allow(jobs)
            for batch in batches.map(\.intake) {
                group.addTask(executorPreference: executor) {
                    // A batch that is refused has not been acknowledged.
                    guard (try? await life.intake.submit(batch)) != nil else { return }
                    answered.change { $0 += 1 }
                }
            }
            await executor.quiet()
            var failure: (any Error)?
            do {
                try FileManager.default.copyItem(atPath: directory, toPath: next)
                try await note(batches, acknowledged: answered.now, in: next, recorded: life.store.recordedTime)
                for number in sinks.keys { try takeJournal(number) }
            } catch {
                failure = error
            }
            life.store.kill()
            for sink in sinks.values { sink.kill() }
            executor.allow(nil)
            for forwarder in life.forwarders.values { forwarder.stop() }
            life.intake.stop()
            for _ in 0..<20 {
                await executor.quiet()
                time.advance(by: .milliseconds(500))
            }
            try await group.waitForAll()
            if let failure { throw failure }
        }
        for (number, sink) in sinks { sink.revive(weather[number] ?? .fine) }
        directory = next
    }

    /// Finds out how many of the batches on their way are in the log that the crash has left: none that was acknowledged
    /// may be missing, and none may be there by half.
    private func note(
        _ batches: [ModelLog.Batch],
        acknowledged: Int,
        in directory: String,
        recorded: Timestamp?
    ) async throws {
        var options = StoreOptions.forTests
        options.time = time
        // The lock is the other life's, and this is a copy.
        let copy = try await SQLiteEventStore.open(at: directory, options: options)
        let head = try await copy.head().rawValue
        let quarantined = try await copy.quarantineCounts().values.reduce(0, +)
        try await copy.close()
        var model = log
        var count = 0
        while count < batches.count,
            count < acknowledged || (model.head, model.quarantined) != (head, quarantined)
        {
            _ = model.commit(batches[count], recorded: recorded ?? time.now)
            count += 1
        }
        guard (model.head, model.quarantined) == (head, quarantined) else {
            throw Violation(
                1,
                "after a crash the log ends at \(head) with \(quarantined) in quarantine; \(acknowledged) of "
                    + "\(batches.count) batches after \(log.head) were acknowledged"
            )
        }
        log = model
    }
}
