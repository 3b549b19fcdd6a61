import Logging
import Martlet
import MartletPipeline
import MartletStore
import MartletTesting

/// One life of the process: the real store, intake, dispatcher, forwarders and replays, on a clock and an executor that are
/// stepped.
final class ModelLife: Sendable {
    let store: SteppedStore
    let intake: Intake
    let replays: Replays
    let executor: SteppedExecutor
    private let dispatcher: Dispatcher
    private let definitions: ModelReplayDefinitions
    private let destinations: [Int: ModelDestination]
    private let time: ManualTime
    private let current = Shared<[Int: (plan: ForwarderPlan, forwarder: Forwarder)]>([:])
    /// Taken out of the configuration, with progress that is not on disk yet.
    private let unsaved = Shared<[Forwarder]>([])
    /// Parts that are to be started.
    private let starting = Shared<[Forwarder]>([])
    private let doorbell = Doorbell()
    /// Parts that run, and have not ended.
    private let running = Shared(0)

    /// Opens what an earlier life has left.
    ///
    /// - Parameter plans: what the configuration says, replays' own destinations included.
    init(
        at directory: String,
        plans: [Int: ForwarderPlan],
        starts: [Int: Int64],
        destinations: [Int: ModelDestination],
        executor: SteppedExecutor,
        time: ManualTime
    ) async throws {
        var options = StoreOptions.forTests
        options.time = time
        options.readers = 2
        options.logger = ModelLife.quiet
        let real = try await SQLiteEventStore.open(at: directory, options: options)
        store = SteppedStore(real, executor: executor, time: time)
        dispatcher = Dispatcher(head: try await real.head(), capacity: 16)
        intake = Intake(store: store, dispatcher: dispatcher, time: time, logger: ModelLife.quiet)
        definitions = ModelReplayDefinitions(plans, to: destinations)
        replays = Replays(store: store, definitions: definitions, time: time, logger: ModelLife.quiet)
        self.executor = executor
        self.destinations = destinations
        self.time = time
        for (number, plan) in plans.sorted(by: { $0.key < $1.key }) {
            guard let start = starts[number] else { continue }
            let record = try await real.openForwarder(name: plan.name, start: Position(rawValue: start))
            try add(number, plan, record)
        }
    }

    static let quiet = Logger(label: "model") { _ in SwiftLogNoOpLogHandler() }

    var forwarders: [Int: Forwarder] { current.now.mapValues(\.forwarder) }

    /// Whether one that was taken out of the configuration has not been saved.
    var owesProgress: Bool { !unsaved.now.isEmpty }

    /// Makes a forwarder, and has it started.
    private func add(_ number: Int, _ plan: ForwarderPlan, _ record: ForwarderRecord) throws {
        guard let destination = destinations[number] else { return }
        let forwarder = Forwarder(
            try plan.configuration(),
            record: record,
            sink: ModelSink(plan, to: destination),
            store: store,
            intake: intake,
            dispatcher: dispatcher,
            time: time,
            logger: ModelLife.quiet
        )
        current.change { $0[number] = (plan, forwarder) }
        starting.change { $0.append(forwarder) }
        running.change { $0 += 1 }
        doorbell.ring()
    }
}

// MARK: - Running

extension ModelLife {
    /// Runs the parts around the body, which ends them by ``stop()`` or ``crash()``.
    func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        running.change { $0 += 2 }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: executor) { [self] in
                await intake.run()
                running.change { $0 -= 1 }
            }
            group.addTask(executorPreference: executor) { [self] in await runForwarders() }
            group.addTask(executorPreference: executor) { [self] in
                await replays.run()
                running.change { $0 -= 1 }
            }
            await executor.quiet()
            do {
                let value = try await body()
                group.cancelAll()
                try await end(leaving: 0)
                return value
            } catch {
                store.kill()
                executor.allow(nil)
                group.cancelAll()
                try await end(leaving: 0)
                throw error
            }
        }
    }

    private func runForwarders() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let forwarders = starting.now
                starting.change { $0 = [] }
                for forwarder in forwarders {
                    group.addTask { [self] in
                        await forwarder.run()
                        running.change { $0 -= 1 }
                    }
                }
                await doorbell.wait()
            }
        }
    }

    /// Does what a source or an operator asks for, and lets everything that follows from it happen.
    func perform(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let isDone = Shared(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: executor) {
                defer { isDone.change { $0 = true } }
                try await body()
            }
            do {
                // What waits for a full disk is refused when time passes.
                try await pass(until: { isDone.now }, "an answer")
            } catch {
                // Whoever waits is told, so that this can end.
                store.kill()
                intake.stop()
                replays.stop()
                throw error
            }
            try await group.waitForAll()
        }
    }

    /// Stops as the server does: first what delivers, then the intake.
    func stop() async throws {
        stopDelivering()
        try await end(leaving: 1)
        intake.stop()
        try await end(leaving: 0)
    }

    func stopDelivering() {
        for forwarder in forwarders.values { forwarder.stop() }
        replays.stop()
    }

    private func end(leaving rest: Int) async throws {
        try await pass(until: { running.now <= rest }, "the end")
    }

    /// Lets time pass until something has come true.
    private func pass(until condition: () -> Bool, _ what: String) async throws {
        for _ in 0..<200 {
            await executor.quiet()
            if condition() { return }
            time.advance(by: .milliseconds(500))
        }
        throw Violation(7, "\(what) did not come")
    }
}

// MARK: - Another configuration

extension ModelLife {
    /// Does what a reload does, in its order; part of ``perform(_:)``.
    ///
    /// - Throws: ``StoreError`` where nothing could be prepared; nothing has been touched then.
    func reload(_ plans: [Int: ForwarderPlan], starts: [Int: Int64]) async throws {
        for forwarder in unsaved.now {
            try await forwarder.retire()
            unsaved.change { $0.removeAll { $0 === forwarder } }
        }
        let former = current.now
        var records: [Int: ForwarderRecord] = [:]
        for (number, start) in starts.sorted(by: { $0.key < $1.key }) where former[number] == nil {
            guard let plan = plans[number] else { continue }
            records[number] = try await store.openForwarder(name: plan.name, start: Position(rawValue: start))
        }
        await withDiscardingTaskGroup { group in
            for (number, known) in former.sorted(by: { $0.key < $1.key }) {
                if let plan = plans[number] {
                    group.addTask { await self.replace(number, known.plan, by: plan, known.forwarder) }
                } else {
                    group.addTask { await self.retire(number, known.forwarder) }
                }
            }
        }
        for (number, record) in records.sorted(by: { $0.key < $1.key }) {
            if let plan = plans[number] { try add(number, plan, record) }
        }
        definitions.use(plans)
        // A replay to a forwarder that has not changed is none of its business.
        let touched = Set(former.keys).union(records.keys).filter { former[$0]?.plan != plans[$0] }
        replays.configurationChanged(of: Set(touched.map { "f\($0)" }))
    }

    private func replace(_ number: Int, _ former: ForwarderPlan, by plan: ForwarderPlan, _ forwarder: Forwarder) async {
        guard plan != former, let destination = destinations[number], let configuration = try? plan.configuration()
        else { return }
        // The same way is kept where nothing of it has changed.
        let sink = plan.delivery == former.delivery ? nil : ModelSink(plan, to: destination)
        await forwarder.replace(configuration, sink: sink)
        current.change { $0[number] = (plan, forwarder) }
    }

    private func retire(_ number: Int, _ forwarder: Forwarder) async {
        current.change { $0[number] = nil }
        do {
            try await forwarder.retire()
        } catch {
            // With a full disk it is saved before the next reload, or at the end.
            unsaved.change { $0.append(forwarder) }
        }
    }
}
