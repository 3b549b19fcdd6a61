import Martlet
@testable import MartletPipeline
import Testing

/// A window with a log beside it, and what promise 5 says about the two checked after every step.
final class WindowHarness {
    var window: DeliveryWindow
    /// By the clock that nobody sets.
    private(set) var now = Timestamp(seconds: 1_000)
    /// How far the other one is ahead of it.
    private var lead = Duration.zero
    private(set) var head: Int64 = 0
    /// What has been saved, added up.
    private(set) var counts = DeliveryCounts()
    private(set) var cursor = Position.zero
    private(set) var parked: [Position: ParkedDelivery] = [:]
    private(set) var deadLetters: [DeadLetterDraft] = []
    private(set) var resynchronisation: Resynchronisation?
    /// What was told of stretches that are over.
    private(set) var told: [Resynchronisation] = []
    /// The resources of the wanted events, by position.
    private var wanted: [Int64: Int64] = [:]

    init(
        order: DeliveryWindow.Configuration.Order = .resource,
        mode: SinkDelivery.Mode = .independent,
        batch: Int = 1,
        concurrency: Int = 4,
        attempts: Int = 3,
        change: (inout DeliveryWindow.Configuration) -> Void = { _ in }
    ) {
        var configuration = DeliveryWindow.Configuration(
            delivery: SinkDelivery(mode: mode, maximumEvents: batch, concurrency: concurrency)
        )
        configuration.order = order
        configuration.retry.attempts = attempts
        configuration.retry.jitter = .none
        configuration.retry.maximumDelay = .seconds(60)
        change(&configuration)
        let record = ForwarderRecord(
            id: ForwarderID(rawValue: 1),
            name: "test",
            start: .zero,
            cursor: .zero,
            counts: DeliveryCounts(),
            pause: nil,
            lastError: nil,
            parked: []
        )
        window = DeliveryWindow(record: record, configuration: configuration)
    }

    /// Commits and offers events: a number is the resource, `nil` an event that nobody wants, `0` one without a resource.
    func offer(_ resources: [Int64?]) {
        var candidates: [DeliveryWindow.Candidate] = []
        for resource in resources {
            head += 1
            wanted[head] = resource
            guard let resource else { continue }
            candidates.append(
                DeliveryWindow.Candidate(
                    position: Position(rawValue: head),
                    resource: resource == 0 ? nil : ResourceKey(rawValue: resource),
                    byteCount: 100
                )
            )
        }
        window.offer(candidates, through: Position(rawValue: head))
    }

    /// Retention asks for what has been committed up to a position.
    func skip(through position: Int64) { _ = window.skip(through: Position(rawValue: min(position, head))) }

    /// Commits events that are gone before they are read.
    func lose(_ count: Int64) {
        let first = head + 1
        head += count
        window.offer([], through: Position(rawValue: head), missing: [first...head])
    }

    /// Offers again what a new life of the process reads again: what lies beyond the cursor.
    func reread(_ resources: [Int64?]) {
        head = cursor.rawValue
        offer(resources)
    }

    func next() -> DeliveryWindow.Unit? {
        resynchronise()
        return window.next(now: moment)
    }

    /// Asks and answers as a forwarder does before it hands something out.
    func resynchronise() {
        _ = window.beginResynchronisation(head: Position(rawValue: head), now: moment)
        while let examination = window.examination {
            let superseded = examination.candidates.filter { candidate in
                wanted.contains { position, resource in
                    resource == candidate.key.rawValue && position > candidate.position.rawValue
                        && position <= examination.through.rawValue
                }
            }
            window.finish(examination, superseded: superseded.map(\.position))
        }
        if let over = window.takeOverResynchronisation() { told.append(over) }
    }

    /// All units that may go now, as the positions in them.
    func launchAll() -> [DeliveryWindow.Unit] {
        var units: [DeliveryWindow.Unit] = []
        while let unit = next() { units.append(unit) }
        return units
    }

    func complete(_ unit: DeliveryWindow.Unit, _ outcome: DeliveryOutcome) {
        window.complete(unit.id, .whole(outcome), now: moment, random: 0.5)
    }

    func complete(_ unit: DeliveryWindow.Unit, each outcomes: [DeliveryOutcome]) {
        window.complete(unit.id, .each(outcomes), now: moment, random: 0.5)
    }

    /// Completes a unit of which the store has nothing any more.
    func lose(_ unit: DeliveryWindow.Unit) {
        window.complete(unit.id, .whole(.untried), lost: Set(unit.positions), now: moment, random: 0.5)
    }

    /// Completes a unit of which the last events were too much.
    func complete(_ unit: DeliveryWindow.Unit, leaving left: Set<Int64>, _ outcome: DeliveryOutcome) {
        let left = Set(left.map { Position(rawValue: $0) })
        window.complete(unit.id, .whole(outcome), left: left, now: moment, random: 0.5)
    }

    func advance(_ duration: Duration) { now = now + duration }

    /// Sets the clock, forward or back.
    func setClock(by duration: Duration) { lead += duration }

    var moment: Moment { Moment(clock: now + lead, steady: now) }

    /// Saves, and checks that the five numbers add up to what has been committed.
    func save(sourceLocation: SourceLocation = #_sourceLocation) {
        if let progress = window.takeProgress() {
            #expect(progress.cursor >= cursor, "The cursor never goes back.", sourceLocation: sourceLocation)
            cursor = progress.cursor
            counts += progress.counts
            counts.dead -= Int64(progress.removedDeadLetters.count)
            for delivery in progress.parked { parked[delivery.position] = delivery }
            for position in progress.unparked { parked[position] = nil }
            deadLetters += progress.deadLetters
            if let resynchronisation = progress.resynchronisation { self.resynchronisation = resynchronisation }
        }
        let concluded = counts.delivered + counts.filtered + counts.dead + counts.skipped
        let pending = head - cursor.rawValue + Int64(parked.count)
        #expect(concluded + pending == head, "The five numbers add up.", sourceLocation: sourceLocation)
        #expect(parked.keys.allSatisfy { $0 <= cursor }, sourceLocation: sourceLocation)
    }

    /// The window of the next life of the process: what was saved, and nothing else.
    func restart(_ change: (inout DeliveryWindow.Configuration) -> Void = { _ in }) {
        var configuration = window.configuration
        change(&configuration)
        var record = ForwarderRecord(
            id: ForwarderID(rawValue: 1),
            name: "test",
            start: .zero,
            cursor: cursor,
            counts: counts,
            pause: window.pause,
            lastError: nil,
            parked: parked.values.sorted { $0.position < $1.position }
        )
        record.resynchronisation = resynchronisation
        window = DeliveryWindow(record: record, configuration: configuration)
    }
}

extension DeliveryWindow.Unit {
    var numbers: [Int64] { positions.map(\.rawValue) }
}
