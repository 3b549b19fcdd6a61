package import Logging
import Martlet
import Synchronization

/// One replay under way: drives a ``DeliveryWindow`` over a range of the log, at a bounded rate, beside the forwarders.
///
/// Promises kept here, for the range of the replay: each event of it is delivered, filtered, failed, skipped or pending,
/// counted once (5); order within a resource (6); what has been achieved is saved a few times a second, so that after a crash
/// the last fraction of a second may be repeated and nothing is skipped (8); everything leaves through the gate as it is
/// today, marked as a replay (9). The forwarder to whose destination it goes is not touched.
package final class ReplayRun: Sendable {
    /// How it came to an end.
    package enum Ending: Sendable, Hashable {
        /// Everything is concluded, and that is on disk.
        case finished
        /// It has paused by itself: the destination is gone, for instance.
        case paused
        /// It was told to stop.
        case stopped
    }

    /// Between two saves.
    static let saveInterval = Duration.milliseconds(250)

    struct State {
        var window: DeliveryWindow
        var rate: RateLimit
        /// How long the rate let nothing go when the window was last asked.
        var rateDelay: Duration?
        /// The events between the cursor and what has been read, ready to be sent.
        var events = HeldEvents()
        var isStopping = false
        /// Something has happened that is not saved.
        var isUnsaved = false
        var nextSave: Timestamp
    }

    let record: ReplayRecord
    let destination: ReplayDestination
    let store: any EventStore
    let enrichment: Enrichment?
    let time: any TimeSource
    let logger: Logger
    let state: Mutex<State>
    let doorbell = Doorbell()

    /// A run that goes on where the record left off.
    package init(
        _ record: ReplayRecord,
        parked: [ParkedDelivery],
        destination: ReplayDestination,
        store: any EventStore,
        enrichment: Enrichment? = nil,
        time: any TimeSource,
        logger: Logger
    ) {
        self.record = record
        self.destination = destination
        self.store = store
        self.enrichment = enrichment
        self.time = time
        var logger = logger
        logger[metadataKey: "replay"] = "\(record.id)"
        self.logger = logger
        let rate = RateLimit(rate: record.draft.rate)
        state = Mutex(
            State(
                window: DeliveryWindow(
                    record: ForwarderRecord(record, parked: parked),
                    configuration: DeliveryWindow.Configuration(destination, burst: rate.burst)
                ),
                rate: rate,
                nextSave: time.steadyNow
            )
        )
    }

    package var id: ReplayID { record.id }

    /// What it is doing.
    package var activity: Forwarder.Activity { state.withLock { $0.window.activity } }

    /// Replays until everything is concluded, until it pauses by itself, or until it is told to ``stop()``.
    package func run() async -> Ending {
        let ending = await deliver()
        let isSaved = await saveAtEnd(ending)
        await destination.sink.close()
        return isSaved ? ending : .stopped
    }

    /// Hands nothing more out; ``run()`` returns when what is in flight is finished, bounded, and saved.
    package func stop() {
        state.withLock { $0.isStopping = true }
        doorbell.ring()
    }

    private func deliver() async -> Ending {
        await withDiscardingTaskGroup { flights in
            var ending = state.withLock { findEnding($0) }
            while ending == nil, !Task.isCancelled {
                let hasRead = await readOn()
                // By the clock of before the look: what becomes due while it looks is waited for, and not forgotten.
                let now = time.moment
                let hasLaunched = launch(into: &flights)
                await saveIfDue()
                ending = state.withLock { findEnding($0) }
                if ending == nil, !hasRead, !hasLaunched {
                    await doorbell.wait(atMost: patience(since: now), time: time)
                }
            }
            let deadline = time.steadyNow + Forwarder.stopPatience
            while state.withLock({ $0.window.flightCount > 0 }), time.steadyNow < deadline, !Task.isCancelled {
                await doorbell.wait(atMost: deadline - time.steadyNow, time: time)
            }
            flights.cancelAll()
            return ending ?? .stopped
        }
    }

    private func findEnding(_ state: State) -> Ending? {
        if state.isStopping { return .stopped }
        guard state.window.flightCount == 0 else { return nil }
        if state.window.pause != nil { return .paused }
        let isOver = state.window.cursor >= record.draft.range.upperBound && state.window.parked.isEmpty
        return isOver ? .finished : nil
    }

    /// How long nothing will happen by itself; `nil` for as long as nobody rings.
    ///
    /// - Parameter look: when the window was last asked.
    private func patience(since look: Moment) -> Duration? {
        let now = time.steadyNow
        return state.withLock { state in
            var waits: [Duration] = []
            if let delay = state.rateDelay {
                // What is due before waits for its turn as well.
                waits.append(delay)
            } else if let wake = state.window.wakeTime(now: look) {
                waits.append(wake - now)
            }
            if state.isUnsaved { waits.append(state.nextSave - now) }
            return waits.min().map { max($0, .milliseconds(1)) }
        }
    }
}

extension DeliveryWindow.Configuration {
    /// As the sink wants its batches, but none larger than a burst.
    fileprivate init(_ destination: ReplayDestination, burst: Int) {
        var delivery = destination.sink.delivery
        delivery.maximumEvents = min(delivery.maximumEvents, burst)
        self.init(delivery: delivery)
        order = destination.order
        retry = destination.retry
    }
}

extension ForwarderRecord {
    /// What the window of a replay goes on from: of the forwarder's kind, and nobody's.
    fileprivate init(_ replay: ReplayRecord, parked: [ParkedDelivery]) {
        self.init(
            id: ForwarderID(rawValue: replay.id.rawValue),
            name: "replay \(replay.id)",
            start: replay.draft.range.lowerBound.advanced(by: -1),
            cursor: replay.cursor,
            counts: replay.counts,
            pause: nil,
            lastError: replay.lastError,
            parked: parked
        )
    }
}
