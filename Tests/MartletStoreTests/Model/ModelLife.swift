import Logging
import Martlet
import MartletPipeline
import MartletStore
import MartletTesting

/// One life of the process: the real store, intake, dispatcher and forwarders, on a clock and an executor that are stepped.
final class ModelLife: Sendable {
    let store: SteppedStore
    let intake: Intake
    let forwarders: [Int: Forwarder]
    let executor: SteppedExecutor
    private let time: ManualTime
    /// Parts that run, and have not ended.
    private let running = Shared(0)

    /// Opens what an earlier life has left.
    init(
        at directory: String,
        plans: [Int: ForwarderPlan],
        starts: [Int: Int64],
        sinks: [Int: ModelSink],
        executor: SteppedExecutor,
        time: ManualTime
    ) async throws {
        var options = StoreOptions.forTests
        options.time = time
        options.readers = 2
        options.logger = ModelLife.quiet
        let real = try await SQLiteEventStore.open(at: directory, options: options)
        store = SteppedStore(real, executor: executor)
        let dispatcher = Dispatcher(head: try await real.head(), capacity: 16)
        intake = Intake(store: store, dispatcher: dispatcher, time: time, logger: ModelLife.quiet)
        var forwarders: [Int: Forwarder] = [:]
        for (number, plan) in plans.sorted(by: { $0.key < $1.key }) {
            guard let sink = sinks[number] else { continue }
            let start = Position(rawValue: starts[number] ?? 0)
            forwarders[number] = Forwarder(
                Forwarder.Configuration(
                    name: plan.name,
                    filter: try plan.filter(),
                    body: .event,
                    gate: Gate(),
                    window: plan.window
                ),
                record: try await real.openForwarder(name: plan.name, start: start),
                sink: sink,
                store: store,
                intake: intake,
                dispatcher: dispatcher,
                time: time,
                logger: ModelLife.quiet
            )
        }
        self.forwarders = forwarders
        self.executor = executor
        self.time = time
    }

    static let quiet = Logger(label: "model") { _ in SwiftLogNoOpLogHandler() }

    /// Runs the parts around the body, which ends them by ``stop()`` or ``crash()``.
    func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        running.change { [count = forwarders.count + 1] in $0 = count }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: executor) { [self] in
                await intake.run()
                running.change { $0 -= 1 }
            }
            for (_, forwarder) in forwarders.sorted(by: { $0.key < $1.key }) {
                group.addTask(executorPreference: executor) { [self] in
                    await forwarder.run()
                    running.change { $0 -= 1 }
                }
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
                throw error
            }
            try await group.waitForAll()
        }
    }

    /// Stops as the server does: first the forwarders, then the intake.
    func stop() async throws {
        for forwarder in forwarders.values { forwarder.stop() }
        try await end(leaving: 1)
        intake.stop()
        try await end(leaving: 0)
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
