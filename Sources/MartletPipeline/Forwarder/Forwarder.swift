package import Logging
import Martlet
import Synchronization

/// The delivery engine of one subscription: drives a ``DeliveryWindow`` between the log and a sink.
///
/// Only what is committed is read. What the window decides is performed here: pages are read, events pass the gate and are
/// handed to the sink, answers come back, progress is saved with the intake's commits.
package final class Forwarder: Sendable {
    /// What the configuration says of it.
    package struct Configuration: Sendable {
        package var name: String
        package var filter: EventFilter
        package var body: BodyForm
        package var gate: Gate
        package var window: DeliveryWindow.Configuration
        package var retention: RetentionStance
        /// How long the resources of events may be asked for before they are delivered; `nil` to wait for nothing.
        package var enrichWait: Duration?

        package init(
            name: String,
            filter: EventFilter,
            body: BodyForm,
            gate: Gate,
            window: DeliveryWindow.Configuration,
            retention: RetentionStance = .wait,
            enrichWait: Duration? = nil
        ) {
            self.name = name
            self.filter = filter
            self.body = body
            self.gate = gate
            self.window = window
            self.retention = retention
            self.enrichWait = enrichWait
        }
    }

    /// Events read from the log at once.
    static let pageLimit = 512
    static let pageBytes = 1 << 20
    /// How long a stopping forwarder waits for what is in flight.
    static let stopPatience = Duration.seconds(5)

    struct State {
        var configuration: Configuration
        var sink: any Sink
        var window: DeliveryWindow
        /// The events between the cursor and what has been read, ready to be sent.
        var events = HeldEvents()
        var latest = LatestPositions()
        var life = Life()
        var failureLog = FailureLog()
    }

    package let name: String
    package let id: ForwarderID
    let store: any EventStore
    let intake: Intake
    let dispatcher: Dispatcher
    let time: any TimeSource
    let logger: Logger
    let state: Mutex<State>
    let doorbell = Doorbell()

    /// A forwarder that goes on where its record left off.
    package init(
        _ configuration: Configuration,
        record: ForwarderRecord,
        sink: any Sink,
        store: any EventStore,
        intake: Intake,
        dispatcher: Dispatcher,
        time: any TimeSource,
        logger: Logger
    ) {
        name = configuration.name
        id = record.id
        self.store = store
        self.intake = intake
        self.dispatcher = dispatcher
        self.time = time
        var logger = logger
        logger[metadataKey: "forwarder"] = "\(configuration.name)"
        self.logger = logger
        let window = DeliveryWindow(record: record, configuration: configuration.window)
        state = Mutex(State(configuration: configuration, sink: sink, window: window))
        dispatcher.register(id, filter: configuration.filter) { [weak self] in self?.wake() }
        intake.add(self)
    }

    /// What the configuration says of it at present.
    package var configuration: Configuration { state.withLock { $0.configuration } }
    /// What it delivers to at present.
    package var sink: any Sink { state.withLock { $0.sink } }

    /// There is something new: of no interest to one that waits for its destination, and will look when that wait is over.
    private func wake() {
        let now = time.moment
        guard !state.withLock({ $0.window.isAsleep(now: now) }) else { return }
        doorbell.ring()
    }

    /// Delivers until it is told to ``stop()`` or the task is cancelled; finishes what is in flight, bounded.
    package func run() async {
        state.withLock { $0.life.isRunning = true }
        await giveUpRemoved()
        repeat { await serve(state.withLock { Tenure($0) }) } while await takeOver()
        await end()
    }

    /// Delivers under one configuration, until there is another or the end has come; then finishes what is in flight.
    private func serve(_ tenure: Tenure) async {
        await withDiscardingTaskGroup { flights in
            while !Task.isCancelled, state.withLock({ !$0.life.isEnding }) {
                // By the clock of before the look: what becomes due while it looks is waited for, and not forgotten.
                let now = time.moment
                // Before anything is handed out: what the destination need not be sent any more is known then.
                guard await resynchronise(now: now) else { continue }
                // First of all: a destination that is ready does not wait for what is read for later.
                let hasLaunched = launch(tenure, into: &flights)
                let hasRead = await readOn()
                if hasRead || hasLaunched { continue }
                let wake = state.withLock { $0.window.wakeTime(now: now) }
                await doorbell.wait(atMost: wake.map { max($0 - now.steady, .milliseconds(1)) }, time: time)
            }
            await reportResynchronisation()
            let deadline = time.steadyNow + Forwarder.stopPatience
            while state.withLock({ $0.window.flightCount > 0 }), time.steadyNow < deadline, !Task.isCancelled {
                await doorbell.wait(atMost: deadline - time.steadyNow, time: time)
            }
            flights.cancelAll()
        }
    }

    /// Hands nothing more out; ``run()`` returns when what is in flight is finished.
    package func stop() {
        state.withLock { $0.life.isStopping = true }
        doorbell.ring()
    }
}

// MARK: - From the log

extension Forwarder {
    private enum Reading {
        /// Nothing to read now, or no room.
        case rest
        /// It has been fed from memory.
        case fed
        /// It lags: a page is to be read after this position.
        case page(after: Position)
    }

    /// Offers the window what comes next, if it has room; tells whether there was something.
    private func readOn() async -> Bool {
        switch state.withLock({ readFromMemory(&$0) }) {
        case .rest: return false
        case .fed:
            intake.progressMade()
            return true
        case .page(let position):
            await readPage(after: position)
            return true
        }
    }

    /// Takes what the dispatcher has, in one step with the window: nobody else sees events that are in neither.
    private func readFromMemory(_ state: inout State) -> Reading {
        guard state.window.wantsMore else { return .rest }
        if let fed = dispatcher.take(id) {
            offer(fed.events, through: fed.through, &state)
            return fed.events.isEmpty ? .rest : .fed
        }
        let readThrough = state.window.classifiedThrough
        return dispatcher.attach(id, readThrough: readThrough) ? .rest : .page(after: readThrough)
    }

    private func readPage(after position: Position) async {
        do {
            // What is committed meanwhile is not fed to a forwarder that is not attached: this page, and then the next.
            let head = dispatcher.head
            let page = try await store.page(
                after: position,
                limit: Forwarder.pageLimit,
                maximumBytes: Forwarder.pageBytes
            )
            let through = max(page.last?.position ?? head, position)
            let missing = state.withLock { state in
                // What is not there has been removed: skipped, not filtered.
                let missing = LogGaps.between(max(position, state.window.classifiedThrough), page, through: through)
                offer(page, through: through, missing: missing, &state)
                return missing
            }
            intake.progressMade()
            if let first = missing.first?.lowerBound, let last = missing.last?.upperBound {
                let count = missing.reduce(0) { $0 + Int64($1.count) }
                await reportSkipped(count, from: Position(rawValue: first), through: Position(rawValue: last))
            }
        } catch {
            logger.error("Reading the log failed; it is tried again in a second.", metadata: ["error": "\(error)"])
            state.withLock { $0.window.setError("The log could not be read: \(error)") }
            await doorbell.wait(atMost: .seconds(1), time: time)
        }
    }

    func offer(
        _ events: [StoredEvent],
        through: Position,
        missing: [ClosedRange<Int64>] = [],
        _ state: inout State
    ) {
        let readThrough = state.window.classifiedThrough
        let filter = state.configuration.filter
        let wanted = events.filter { $0.position > readThrough && filter.accepts($0.event) }
        // What waits for a destination waits in the store, not in memory.
        if !state.window.isHoldingBack {
            for event in wanted { state.events.insert(event) }
        }
        let candidates = wanted.lazy.map {
            DeliveryWindow.Candidate(
                position: $0.position,
                resource: $0.resourceKey,
                byteCount: $0.event.payload.original.count
            )
        }
        state.window.offer(candidates, through: through, missing: missing)
    }
}

// MARK: - To the sink

extension Forwarder {
    /// Hands out all units that may go now; tells whether there was one.
    private func launch(_ tenure: Tenure, into flights: inout DiscardingTaskGroup) -> Bool {
        var hasLaunched = false
        while let (unit, events) = nextUnit() {
            hasLaunched = true
            flights.addTask { await self.deliver(unit, cached: events, tenure) }
        }
        return hasLaunched
    }

    private func nextUnit() -> (DeliveryWindow.Unit, [StoredEvent])? {
        let now = time.moment
        return state.withLock { state in
            guard let unit = state.window.next(now: now) else { return nil }
            let events = unit.positions.compactMap { state.events[$0] }
            state.events.letGoOfParked(in: state.window)
            return (unit, events)
        }
    }

    private func deliver(_ unit: DeliveryWindow.Unit, cached: [StoredEvent], _ tenure: Tenure) async {
        let configuration = tenure.configuration
        let delivery = UnitDelivery(
            gate: configuration.gate,
            body: configuration.body,
            sink: tenure.sink,
            store: store,
            forwarder: id,
            enrichment: intake.enrichment,
            enrichWait: configuration.enrichWait
        )
        let answer = await delivery.deliver(unit, cached: cached)
        // What was cut off by the end of the process says nothing about the destination.
        let outcome = Task.isCancelled && answer.outcome != .whole(.delivered) ? .whole(.untried) : answer.outcome
        let (lost, left) = (answer.lost, answer.left)
        report(outcome, of: unit)
        let now = time.moment
        state.withLock { state in
            state.window.complete(
                unit.id,
                outcome,
                lost: lost,
                left: left,
                now: now,
                random: Double.random(in: 0..<1)
            )
            if state.window.isHoldingBack {
                state.events.removeAll()
            } else {
                for position in unit.positions where !state.window.holds(position) { state.events.remove(position) }
            }
        }
        intake.progressMade()
        doorbell.ring()
        if let first = lost.min(), let last = lost.max() {
            await reportSkipped(Int64(lost.count), from: first, through: last)
        }
    }

    /// Logs a failure, unless one has been logged a moment ago: a destination that is dead for hours does not fill the log.
    private func report(_ outcome: BatchOutcome, of unit: DeliveryWindow.Unit) {
        let outcomes: [DeliveryOutcome] =
            switch outcome {
            case .whole(let outcome): [outcome]
            case .each(let outcomes): outcomes
            }
        let failure = outcomes.lazy.compactMap(\.failure).first
        guard failure != nil || outcomes.contains(.delivered) else { return }
        let now = time.steadyNow
        let line = state.withLock { $0.failureLog.line(for: failure?.kind, now: now) }
        switch line {
        case .failure(let count):
            guard let failure else { return }
            logger.warning(
                "A delivery failed.",
                metadata: [
                    "position": "\(unit.positions[0])", "reason": "\(failure.reason)",
                    "failures": "\(count)",
                ]
            )
        case .recovery(let count):
            logger.info("The destination takes events again.", metadata: ["failures": "\(count)"])
        case nil: return
        }
    }
}

// MARK: - Saving

extension Forwarder: ProgressSource {
    package func takeProgress(includingIdle: Bool) -> ForwarderProgress? {
        state.withLock { state in
            // Only `run` attaches: while a page is being read, what it will bring must not be fed as well.
            if includingIdle, state.window.wantsMore, let fed = dispatcher.take(id) {
                offer(fed.events, through: fed.through, &state)
                if !fed.events.isEmpty || state.window.overResynchronisation != nil { doorbell.ring() }
            }
            return state.window.takeProgress()
        }
    }

    package func restore(_ progress: ForwarderProgress) { state.withLock { $0.window.restore(progress) } }
}
