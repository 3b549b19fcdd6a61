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
    /// Of all forwarders, those that are not configured now included, and of the destination that only replays go to.
    private(set) var plans: [Int: ForwarderPlan] = [:]
    private(set) var configured = Set(0..<ModelSteps.forwarders)
    var log = ModelLog()
    var forwarders: [Int: ModelForwarder] = [:]
    /// In the order in which they were made.
    var replays: [ModelReplay] = []
    let destinations: [Int: ModelDestination]
    var weather: [Int: Weather] = [:]
    private var directory: String
    private let base: String
    /// How far the clock is ahead of the one that nobody sets.
    var lead = Duration.zero
    /// Up to here a reader has read the log.
    var readThrough: Int64 = 0
    /// Until then, by the clock that nobody sets, a forwarder may sleep for longer than the clock that was set says.
    var graceEnd = Timestamp(seconds: 0)

    init(seed: UInt64, steps: [ModelStep], in base: String) {
        self.steps = steps
        self.base = base
        directory = base + "/0"
        var random = SeededGenerator(seed: ~seed)
        var destinations: [Int: ModelDestination] = [:]
        for number in 0..<ModelSteps.destinations {
            plans[number] = ForwarderPlan(number: number, random: &random)
            destinations[number] = ModelDestination(seed: random.next(), time: time, executor: executor)
        }
        self.destinations = destinations
    }

    /// Does all steps, one life after the other, and then lets everything be delivered.
    func run() async throws {
        while index < steps.count { try await live { try await self.doSteps($0) } }
        configured = Set(0..<ModelSteps.forwarders)
        try await live { try await self.finish($0) }
    }

    /// What a configuration says that names these forwarders.
    private func plans(of forwarders: Set<Int>) -> [Int: ForwarderPlan] {
        plans.filter { forwarders.contains($0.key) || $0.key >= ModelSteps.forwarders }
    }

    /// Where each of the forwarders begins, those that are seen for the first time included.
    private func starts(of forwarders: Set<Int>) -> [Int: Int64] {
        // Half of them begin where the log is when they are first seen.
        Dictionary(
            uniqueKeysWithValues: forwarders.map { number in
                (number, self.forwarders[number]?.start ?? (number % 2 == 0 ? log.removedThrough : log.head))
            }
        )
    }

    private func live(_ body: (ModelLife) async throws -> Void) async throws {
        let starts = starts(of: configured)
        for (number, start) in starts {
            guard let plan = plans[number] else { continue }
            forwarders[number, default: ModelForwarder(plan, start: start)].begin(
                plan,
                removedThrough: log.removedThrough
            )
        }
        for index in replays.indices {
            if let plan = plans[replays[index].destination] { replays[index].reload(plan, now: time.steadyNow) }
        }
        let life = try await ModelLife(
            at: directory,
            plans: plans(of: configured),
            starts: starts,
            destinations: destinations,
            executor: executor,
            time: time
        )
        log.start(at: time.now)
        do {
            try await life.run {
                try await self.tidy(life)
                try await self.check(life)
                try await body(life)
            }
        } catch {
            try await life.store.real.close()
            throw error
        }
        log.note(commitsAt: life.store.takeCommits())
        try await life.store.real.close()
    }

    private func change(_ configuration: NewConfiguration) {
        configured = configuration.forwarders
        for (number, change) in configuration.changes { plans[number]?.apply(change) }
    }

    /// Has a running process read another configuration.
    func reload(_ configuration: NewConfiguration, _ life: ModelLife) async throws {
        let former = (plans, configured)
        change(configuration)
        let starts = starts(of: configured)
        let now = time.now
        let isRefused = Shared(false)
        try await life.perform { [isFull = life.store.isFull, plans = plans(of: configured)] in
            do {
                try await life.reload(plans, starts: starts)
            } catch let error as StoreError where error.code == .full && isFull {
                isRefused.change { $0 = true }
            }
        }
        if isRefused.now { return (plans, configured) = former }
        for (number, start) in starts {
            guard let plan = plans[number] else { continue }
            if former.1.contains(number) {
                forwarders[number]?.reload(plan, now: now)
            } else {
                forwarders[number, default: ModelForwarder(plan, start: start)]
                    .begin(plan, removedThrough: log.removedThrough)
            }
        }
        for index in replays.indices where configured.contains(replays[index].destination) {
            if let plan = plans[replays[index].destination] { replays[index].reload(plan, now: time.steadyNow) }
        }
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
                change(next)
                return
            case .crash(let drafts, let jobs, let next):
                try await crash(life, drafts, afterJobs: jobs)
                change(next)
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
                try await note(batches, acknowledged: answered.now, in: next, life.store)
                for number in destinations.keys.sorted() { try takeJournal(number) }
            } catch {
                failure = error
            }
            life.store.kill()
            for destination in destinations.values { destination.kill() }
            executor.allow(nil)
            life.stopDelivering()
            life.intake.stop()
            for _ in 0..<20 {
                await executor.quiet()
                time.advance(by: .milliseconds(500))
            }
            try await group.waitForAll()
            if let failure { throw failure }
        }
        for (number, destination) in destinations { destination.revive(weather[number] ?? .fine) }
        directory = next
    }

    /// Finds out how many of the batches on their way are in the log that the crash has left: none that was acknowledged
    /// may be missing, and none may be there by half.
    private func note(
        _ batches: [ModelLog.Batch],
        acknowledged: Int,
        in directory: String,
        _ store: SteppedStore
    ) async throws {
        let (recorded, commits) = (store.recordedTime, store.takeCommits())
        var options = StoreOptions.forTests
        options.time = time
        // The lock is the other life's, and this is a copy.
        let copy = try await SQLiteEventStore.open(at: directory, options: options)
        let head = try await copy.head().rawValue
        let quarantined = try await copy.quarantineCounts().values.reduce(0, +)
        var model = log
        model.note(commitsAt: commits)
        try await model.takeAlerts(from: copy)
        var count = 0
        while count < batches.count,
            count < acknowledged || (model.head, model.quarantined) != (head, quarantined)
        {
            _ = model.commit(batches[count], recorded: recorded ?? time.now)
            count += 1
            try await model.takeAlerts(from: copy)
        }
        try await copy.close()
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
