package import Logging
import Martlet
import Synchronization

/// The replays of a running server: makes them, runs them beside each other, and carries out what is decided about them.
///
/// What is decided is on disk before it is answered. Those that run when the process ends go on with its next life.
package final class Replays: Sendable {
    /// How many may run at once: each holds a window of events in memory and a connection to its destination.
    package static let maximumRunning = 8

    /// A replay whose work is under way: told to stop before its run has begun, it does not begin.
    private final class Work: Sendable {
        private struct State {
            var run: ReplayRun?
            var isStopped = false
        }

        private let state = Mutex(State())
        let ended = EndSignal()

        var run: ReplayRun? { state.withLock { $0.run } }

        /// Lets a run begin, unless it has been told to stop meanwhile.
        func begin(_ run: ReplayRun) -> Bool {
            state.withLock { state in
                if !state.isStopped { state.run = run }
                return !state.isStopped
            }
        }

        func stop() {
            let run = state.withLock { state in
                state.isStopped = true
                return state.run
            }
            run?.stop()
        }

        var isStopped: Bool { state.withLock { $0.isStopped } }
    }

    private struct State {
        /// Those that are to be run as soon as nothing of their last run is left.
        var waiting: Set<ReplayID> = []
        var working: [ReplayID: Work] = [:]
        /// Those about which a decision is being carried out.
        var deciding: Set<ReplayID> = []
        /// Who is looking whether there is room for one more, and makes it run.
        var admission: EndSignal?
        var isStopping = false

        /// Those to be begun now.
        mutating func takeReady() -> [(ReplayID, Work)] {
            guard !isStopping else { return [] }
            let ready = waiting.filter { working[$0] == nil }.sorted()
            waiting.subtract(ready)
            return ready.map { id in
                let work = Work()
                working[id] = work
                return (id, work)
            }
        }
    }

    private let store: any EventStore
    private let enrichment: Enrichment?
    private let definitions: any ReplayDefinitionReader
    private let time: any TimeSource
    private let logger: Logger
    private let state = Mutex(State())
    private let doorbell = Doorbell()

    package init(
        store: any EventStore,
        definitions: any ReplayDefinitionReader,
        enrichment: Enrichment? = nil,
        time: any TimeSource,
        logger: Logger = Logger(label: "martlet.replays")
    ) {
        self.store = store
        self.enrichment = enrichment
        self.definitions = definitions
        self.time = time
        self.logger = logger
    }

    /// Goes on with those that ran, and runs what is made, until it is told to ``stop()`` or the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            await takeUpWhatRan()
            while !Task.isCancelled, !state.withLock({ $0.isStopping }) {
                for (id, work) in state.withLock({ $0.takeReady() }) {
                    group.addTask { await self.perform(id, work) }
                }
                await doorbell.wait()
            }
            for work in state.withLock({ Array($0.working.values) }) { work.stop() }
        }
    }

    /// Lets what is in flight be finished; ``run()`` returns then.
    package func stop() {
        state.withLock { $0.isStopping = true }
        doorbell.ring()
    }

    /// Has those that go to the destinations of these forwarders do so by the configuration of now.
    package func configurationChanged(of forwarders: Set<String>) {
        let changed = state.withLock { state in
            let changed = state.working.filter { work in
                // One that is being made may have looked just before.
                guard let run = work.value.run else { return true }
                return run.record.draft.forwarder.map(forwarders.contains) ?? false
            }
            state.waiting.formUnion(changed.keys)
            return Array(changed.values)
        }
        for work in changed { work.stop() }
        doorbell.ring()
    }

    /// What a replay that runs is doing; `nil` for one that does not.
    package func activity(of id: ReplayID) -> Forwarder.Activity? {
        state.withLock { $0.working[id]?.run }?.activity
    }

    /// The definition of a replay without its secrets.
    package func redactedDefinition(of record: ReplayRecord) -> [UInt8] {
        definitions.redacted(record.draft.definition)
    }

    /// What a definition says, checked.
    package func outline(of definition: [UInt8]) throws(ReplayError) -> ReplayOutline {
        try definitions.outline(of: definition)
    }
}

// MARK: - Running

extension Replays {
    private func takeUpWhatRan() async {
        while !Task.isCancelled, !state.withLock({ $0.isStopping }) {
            do {
                let running = try await store.replays().filter { $0.state == .running }.map(\.id)
                return state.withLock { $0.waiting.formUnion(running) }
            } catch {
                logger.error(
                    "The replays could not be read; it is tried again in a second.",
                    metadata: ["error": "\(error)"]
                )
                await doorbell.wait(atMost: .seconds(1), time: time)
            }
        }
    }

    private func perform(_ id: ReplayID, _ work: Work) async {
        do {
            if let run = try await makeRun(id) {
                if work.begin(run) {
                    logger.info("A replay runs.", metadata: ["replay": "\(id)", "from": "\(run.record.cursor)"])
                    let ending = await run.run()
                    logger.info("A replay has ended its run.", metadata: ["replay": "\(id)", "as": "\(ending)"])
                } else {
                    // It was stopped while it was made; its sink has sent nothing.
                    await run.destination.sink.close()
                }
            }
        } catch {
            logger.error(
                "A replay could not begin; it is tried again.",
                metadata: ["replay": "\(id)", "error": "\(error)"]
            )
            // A cancelled sleep ends with the next look at the state.
            try? await time.sleep(for: .seconds(1))
            state.withLock { if !work.isStopped { $0.waiting.insert(id) } }
        }
        state.withLock { $0.working[id] = nil }
        work.ended.send()
        doorbell.ring()
    }

    /// The run of a replay that is to run; `nil` where it is not, or cannot: then it is paused and says why.
    private func makeRun(_ id: ReplayID) async throws -> ReplayRun? {
        guard let record = try await store.replay(id), record.state == .running else { return nil }
        let parked = try await store.parkedDeliveries(of: id)
        let destination: ReplayDestination
        do throws(ReplayError) {
            let name = record.draft.forwarder.map { "\($0).replay-\(id)" } ?? "replay-\(id)"
            destination = try definitions.destination(for: record.draft.definition, name: name)
        } catch {
            logger.warning(
                "A replay has no destination any more, and is paused.",
                metadata: ["replay": "\(id)", "reason": "\(error)"]
            )
            let pause = Pause(cause: .gone, reason: error.description)
            _ = try await store.setReplay(id, to: .paused, pause: pause, at: time.now)
            return nil
        }
        return ReplayRun(
            record,
            parked: parked,
            destination: destination,
            store: store,
            enrichment: enrichment,
            time: time,
            logger: logger
        )
    }
}

// MARK: - Deciding

extension Replays {
    /// Makes a replay, which runs from now on.
    ///
    /// - Throws: ``ReplayError`` where as many run as may, or ``StoreError``.
    package func create(_ draft: ReplayDraft) async throws -> ReplayRecord {
        try await inTurn {
            try await requireRoom()
            let record = try await store.createReplay(draft)
            begin(record.id)
            return record
        }
    }

    /// Has a replay hand nothing out until it is resumed.
    package func pause(_ id: ReplayID, reason: String) async throws {
        try await decide(id) { record in
            guard record.state == .running else { return }
            try await set(id, to: .paused, pause: Pause(cause: .requested, reason: reason))
            await halt(id)
        }
    }

    /// Has a paused replay go on at once, by the configuration of now.
    package func resume(_ id: ReplayID) async throws {
        try await decide(id) { record in
            guard record.state == .paused else { return }
            try await inTurn {
                try await requireRoom()
                // One that has paused by itself may still be closing its connection: it is begun when that is over.
                try await set(id, to: .running, pause: nil)
                begin(id)
            }
        }
    }

    /// Ends a replay for good; what it has not delivered is not delivered.
    package func cancel(_ id: ReplayID) async throws {
        try await decide(id) { _ in
            try await set(id, to: .cancelled, pause: nil)
            await halt(id)
        }
    }

    private func decide(_ id: ReplayID, _ body: (ReplayRecord) async throws -> Void) async throws {
        guard state.withLock({ $0.deciding.insert(id).inserted }) else {
            throw ReplayError(.conflict, "Another decision about replay \(id) is being carried out; try again.")
        }
        defer { state.withLock { _ = $0.deciding.remove(id) } }
        guard let record = try await store.replay(id) else {
            throw ReplayError(.unknown, "There is no replay \(id).")
        }
        guard !record.state.hasEnded else {
            throw ReplayError(.conflict, "Replay \(id) has ended: it is \(record.state.rawValue).")
        }
        try await body(record)
    }

    private func set(_ id: ReplayID, to state: ReplayState, pause: Pause?) async throws {
        guard try await store.setReplay(id, to: state, pause: pause, at: time.now) else {
            throw ReplayError(.conflict, "Replay \(id) has ended meanwhile.")
        }
    }

    /// Lets one at a time look for room and take it: two who look at once would both find the last place free.
    private func inTurn<Value>(_ body: () async throws -> Value) async throws -> Value {
        let mine = EndSignal()
        while let other = state.withLock({ state -> EndSignal? in
            if state.admission == nil { state.admission = mine }
            return state.admission === mine ? nil : state.admission
        }) {
            await other.wait()
        }
        defer {
            state.withLock { $0.admission = nil }
            mine.send()
        }
        return try await body()
    }

    private func requireRoom() async throws {
        guard !state.withLock({ $0.isStopping }) else { throw ReplayError(.stopped, "Martlet is stopping.") }
        let running = try await store.replays().count { $0.state == .running }
        guard running < Replays.maximumRunning else {
            throw ReplayError(
                .tooMany,
                "\(running) replays run, and no more may at once. Wait for one to finish, or pause or cancel one."
            )
        }
    }

    private func begin(_ id: ReplayID) {
        state.withLock { _ = $0.waiting.insert(id) }
        doorbell.ring()
    }

    /// Stops the run of a replay, and returns when nothing more comes of it.
    private func halt(_ id: ReplayID) async {
        let work = state.withLock { state in
            state.waiting.remove(id)
            return state.working[id]
        }
        work?.stop()
        await work?.ended.wait()
    }
}
