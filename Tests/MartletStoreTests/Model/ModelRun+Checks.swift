import Martlet
@testable import MartletPipeline
import MartletStore
import MartletTesting
import Synchronization

// What is compared after each step.

extension ModelRun {
    func check(_ life: ModelLife, isStopped: Bool = false) async throws {
        let store = life.store.real
        try await checkLog(store)
        try await checkIndex(store)
        for number in destinations.keys.sorted() { try takeJournal(number) }
        try await checkReplays(store)
        let statuses = try await store.forwarderStatuses()
        for (number, plan) in plans.sorted(by: { $0.key < $1.key }) where number < ModelSteps.forwarders {
            // One that is not configured now keeps what it has; its numbers are looked at, too.
            guard let status = statuses.first(where: { $0.name == plan.name }) else { continue }
            let stored = ModelForwarder.Stored(
                status: status,
                record: try await store.openForwarder(name: plan.name, start: .zero),
                letters: try await store.deadLetters(forwarder: plan.name, after: 0, limit: 10_000)
            )
            try forwarders[number]?.check(stored, log, now: time.now)
            let forwarder = life.forwarders[number]
            forwarders[number]?.endStep(hasSaved: forwarder?.hasSaved ?? false, head: log.head)
            guard let forwarder, !isStopped, !life.store.isFull,
                weather[number] != .hanging, time.steadyNow >= graceEnd,
                [.running, .retrying].contains(forwarder.activity), forwarder.hasSaved
            else { continue }
            do {
                try forwarders[number]?.checkNothingWaits(stored, log, now: time.now, isFull: forwarder.isFull)
            } catch var violation as Violation {
                violation.what += "; \(forwarder.holding)"
                throw violation
            }
        }
    }

    func takeJournal(_ number: Int) throws {
        let journal = destinations[number]?.takeJournal() ?? []
        try forwarders[number]?.take(journal.filter { $0.sink.replay == nil }, log, now: time.steadyNow)
        for entry in journal {
            guard let (id, plan) = entry.sink.replay else { continue }
            guard let index = replays.firstIndex(where: { $0.id == id }) else {
                throw Violation(5, "there is no replay \(id), which has sent \(entry.positions)")
            }
            try replays[index].take(entry, plan, log)
        }
    }

    /// Promises 2 and 3: a reader finds the next positions, and in them what the model has.
    private func checkLog(_ store: SQLiteEventStore) async throws {
        while true {
            let page = try await store.page(after: Position(rawValue: readThrough), limit: 7, maximumBytes: 1 << 20)
            for stored in page {
                readThrough += 1
                if ModelLog.isAlert(stored), stored.position.rawValue == log.head + 1 { log.append(alert: stored) }
                guard stored.position.rawValue == readThrough, readThrough <= log.head else {
                    throw Violation(3, "after \(readThrough - 1) of \(log.head) came \(stored.position)")
                }
                let event = log[readThrough]
                let isRight =
                    (stored.event.id == event.id || !event.draft.hasID)
                    && stored.event.payload.original.elementsEqual(event.content.utf8)
                    && stored.event.fields.recordedTime == log.recorded[Int(readThrough) - 1]
                if !isRight { throw Violation(1, "\(readThrough) is \(stored.event.id), not \(event)") }
            }
            if page.isEmpty { break }
        }
        let extent = try await store.logExtent()
        if extent.removedThrough.rawValue != log.removedThrough {
            throw Violation(11, "the log begins behind \(extent.removedThrough), not \(log.removedThrough)")
        }
        if readThrough != log.head { throw Violation(1, "the log ends at \(readThrough), not \(log.head)") }
        let quarantined = try await store.quarantineCounts().values.reduce(0, +)
        if quarantined != log.quarantined {
            throw Violation(12, "\(quarantined) items in quarantine, not \(log.quarantined)")
        }
    }

    /// Promise 2: the index is a fold over the log.
    private func checkIndex(_ store: SQLiteEventStore) async throws {
        for (resource, expected) in log.resources {
            guard
                let record = try await store.resources(type: "Thing", id: "r\(resource)", cloud: "prod").first
            else { throw Violation(2, "r\(resource) is not in the index") }
            let isRight =
                record.state == expected.state && record.latest.rawValue == expected.latest
                && record.position.rawValue == expected.position && (record.deleted != nil) == expected.isDeleted
            if !isRight { throw Violation(2, "the index has \(record), not \(expected)") }
            guard index % 8 == 0 else { continue }
            let line = try await store.timeline(of: record.key, before: nil, limit: 1_000).map(\.position.rawValue)
            let events = stride(from: log.removedThrough + 1, through: log.head, by: 1).filter {
                log[$0].draft.resource == resource
            }
            if line != Array(events.suffix(1_000).reversed()) {
                throw Violation(2, "the time line of r\(resource) is \(line), not \(events)")
            }
        }
    }
}

extension Forwarder {
    /// Whether as much is parked as may be.
    var isFull: Bool {
        let window = state.withLock { $0.window }
        let count = window.parked.count - window.redeliveryCount
        let laneCount = window.lanes.count - window.redeliveryCount
        return count >= window.configuration.maximumParked || laneCount >= window.configuration.maximumParkedLanes
    }

    /// What its window holds, for a message.
    var holding: String {
        let window = state.withLock { $0.window }
        let entries = window.entries.map { "\($0.position):\($0.status)" }
        let parked = window.parked.values.sorted { $0.position < $1.position }.map { "\($0.position):\($0.due)" }
        return """
            through \(window.classifiedThrough), entries \(entries), parked \(parked), \(window.flightCount) in flight, \
            backoff \(window.backoff.map { "\($0.until)" } ?? "none"), wants more: \(window.wantsMore)
            """
    }

    /// Whether the store knows all that it has achieved; asked of a copy.
    var hasSaved: Bool {
        var window = state.withLock { $0.window }
        return window.takeProgress() == nil
    }
}
