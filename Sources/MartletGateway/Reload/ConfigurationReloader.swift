import Logging
import Martlet
import MartletClient
import MartletHTTP
import MartletPipeline
import ServiceLifecycle
import Synchronization

/// Reads the configuration anew and performs what a ``ReloadPlan`` says, one reload at a time.
///
/// Everything that can fail is done before anything is touched: the file is read and checked, and every new sink and source
/// is made. What has not changed is not disturbed.
final class ConfigurationReloader: Service, ConfigurationControl {
    private typealias Job = @Sendable () async -> Void

    private struct State {
        var running: ReloadInput
        /// Taken out of the configuration, with progress that is not on disk yet.
        var unsaved: [Forwarder] = []
        var told: ConfigurationState
    }

    private let current: Mutex<State>
    private let configured: ConfiguredForwarders
    private let parts: RunningParts
    private let maker: ComponentMaker
    private let options: GatewayOptions
    private let jobs: AsyncStream<Job>
    private let adding: AsyncStream<Job>.Continuation

    /// - Parameter running: what has been started.
    init(
        running: ReloadInput,
        configured: ConfiguredForwarders,
        parts: RunningParts,
        maker: ComponentMaker,
        options: GatewayOptions
    ) {
        current = Mutex(State(running: running, told: ConfigurationState(file: options.configurationPath)))
        self.configured = configured
        self.parts = parts
        self.maker = maker
        self.options = options
        (jobs, adding) = AsyncStream.makeStream()
    }

    var state: ConfigurationState { current.withLock { $0.told } }

    /// Does what is asked of it, one after the other: a caller that goes away leaves nothing half done.
    func run() async {
        await withGracefulShutdownHandler {
            for await job in jobs { await job() }
        } onGracefulShutdown: { [adding] in
            adding.finish()
        }
    }

    func reload() async throws -> ReloadReport {
        try await inTurn {
            let begin = self.maker.time.steadyNow
            do {
                var report = try await self.load()
                report.seconds = (self.maker.time.steadyNow - begin).inSeconds
                self.tell(refusal: nil)
                self.options.logger.notice("The configuration has been read anew.", metadata: report.metadata)
                return report
            } catch {
                let problem = Problem(refusing: error)
                self.tell(refusal: problem.detail)
                self.options.logger.error(
                    "The configuration cannot be used; everything runs on as it was.",
                    metadata: ["reason": "\(problem.detail)", "findings": .array(problem.findings.map { "\($0)" })]
                )
                throw problem
            }
        }
    }

    func forget(_ name: String) async throws {
        try await inTurn {
            guard self.parts.pipeline.forwarders[name] == nil else {
                throw Problem(
                    .forwarderInUse,
                    "The forwarder \"\(name)\" is in the configuration; take it out and reload, and then it can be forgotten."
                )
            }
            try await self.saveRetired()
            guard try await self.maker.store.forgetForwarder(name: name) else {
                throw Problem(.unknownForwarder, "There is no forwarder \"\(name)\", nor has there been one.")
            }
            self.options.logger.notice("A forwarder has been forgotten.", metadata: ["forwarder": "\(name)"])
        }
    }

    private func inTurn<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result = adding.yield {
                do {
                    continuation.resume(returning: try await work())
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            guard case .enqueued = result else {
                return continuation.resume(throwing: Problem(.stopping, "Martlet is stopping."))
            }
        }
    }

    private func tell(refusal: String?) {
        let reload = ConfigurationState.Reload(time: maker.time.now, refusal: refusal)
        current.withLock { state in
            state.told.lastReload = reload
            if refusal == nil { state.told.applied += 1 } else { state.told.refused += 1 }
        }
    }
}

// MARK: - Loading

extension ConfigurationReloader {
    /// What is new, made and not yet in force.
    private struct Made {
        var sources: [SourcePart] = []
        var sinks: [String: any Sink] = [:]
        var records: [String: ForwarderRecord] = [:]
        var enrichers: [EnrichmentPart]?
    }

    private func load() async throws -> ReloadReport {
        let running = current.withLock { $0.running }
        let options = options
        // On a thread of its own: the files may lie on a disk that hangs.
        let read = await DedicatedThread.run {
            Result<ReloadInput, any Error> { ReloadInput(reading: try options.configuration()) }
        }
        guard var next = try read?.get() else { throw GatewayError("There can be no more threads.") }
        let plan = ReloadPlan(from: running, to: next)
        try await saveRetired()
        let made = try await make(plan, next.configuration)
        var report = ReloadReport(plan, warnings: next.configuration.warnings)
        report.notes += await apply(plan, made, next.configuration)
        configured.use(next.configuration.forwarders)
        let touched = plan.forwarders.added + plan.forwarders.changed + plan.forwarders.removed
        parts.pipeline.replays.configurationChanged(of: Set(touched))
        next.configuration.keepGeneralKeys(of: running.configuration)
        current.withLock { $0.running = next }
        parts.pipeline.retention?.policy = next.configuration.store.retention
        return report
    }

    /// Makes everything that the plan needs; what has been made is closed again where something cannot be.
    private func make(_ plan: ReloadPlan, _ configuration: Configuration) async throws -> Made {
        var made = Made()
        do {
            for item in configuration.sources where plan.sources.isNew(item.name) {
                made.sources.append(try naming("sources", item.name, item.kind) { try maker.source(item) })
            }
            for item in configuration.forwarders
            where plan.forwarders.isNew(item.name) && !plan.keptSinks.contains(item.name) {
                made.sinks[item.name] = try naming("forwarders", item.name, item.kind) { try maker.sink(item) }
            }
            if plan.hasNewEnrichers {
                made.enrichers = try configuration.enrichers.map { item in
                    try naming("enrichers", item.kind, item.kind) { try maker.enricher(item) }
                }
            }
            for item in configuration.forwarders where plan.forwarders.added.contains(item.name) {
                made.records[item.name] = try await maker.record(item)
            }
        } catch {
            for sink in made.sinks.values { await sink.close() }
            throw error
        }
        return made
    }

    /// Says which part a component's error is about.
    private func naming<Value>(_ part: String, _ name: String, _ kind: String, _ make: () throws -> Value) throws
        -> Value
    {
        do {
            return try make()
        } catch {
            throw GatewayError("\(part).\(name).\(kind): \(error)")
        }
    }

    /// Puts into force what has been made.
    ///
    /// - Returns: what did not go as it should.
    private func apply(_ plan: ReloadPlan, _ made: Made, _ configuration: Configuration) async -> [String] {
        // Forwarders first: what a new source brings is for the new ones too.
        let (parts, pipeline) = (parts, parts.pipeline)
        if let enrichers = made.enrichers {
            pipeline.intake.enrichment?.configure(enrichers)
            pipeline.syncs.configurationChanged()
        }
        let notes = await withTaskGroup(of: String?.self) { group in
            for name in plan.forwarders.removed {
                guard let forwarder = pipeline.forwarders[name] else { continue }
                group.addTask { await self.retire(forwarder) }
            }
            for item in configuration.forwarders where plan.forwarders.changed.contains(item.name) {
                guard let forwarder = pipeline.forwarders[item.name] else { continue }
                let sink = made.sinks[item.name]
                let delivery = sink?.delivery ?? forwarder.configuration.window.delivery
                let configuration = maker.configuration(item, delivery: delivery)
                group.addTask {
                    await forwarder.replace(configuration, sink: sink)
                    return nil
                }
            }
            return await group.reduce(into: []) { notes, note in note.map { notes.append($0) } }
        }
        for item in configuration.forwarders {
            guard let sink = made.sinks[item.name], let record = made.records[item.name] else { continue }
            parts.start(maker.forwarder(item, sink: sink, record: record))
        }
        pipeline.forwarders.sort(by: configuration.forwarders.map(\.name))
        await withDiscardingTaskGroup { group in
            for name in plan.sources.removed { group.addTask { await parts.stopSource(name) } }
            for part in made.sources { group.addTask { await parts.start(part) } }
        }
        return notes
    }

    /// Ends a forwarder; what its last progress says is saved later where it cannot be now.
    private func retire(_ forwarder: Forwarder) async -> String? {
        do {
            try await parts.retire(forwarder)
            return nil
        } catch {
            current.withLock { $0.unsaved.append(forwarder) }
            return "forwarders.\(forwarder.name): its last progress is not on disk yet: \(error)"
        }
    }

    /// Saves what could not be saved before; nobody may open a record that is behind.
    private func saveRetired() async throws {
        for forwarder in current.withLock({ $0.unsaved }) {
            try await forwarder.retire()
            current.withLock { $0.unsaved.removeAll { $0 === forwarder } }
        }
    }
}
