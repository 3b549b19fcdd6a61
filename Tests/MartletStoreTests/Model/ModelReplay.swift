import Martlet
import MartletPipeline

/// What a replay must have done, told from what its destination saw (promises 5, 6, 8, 9 and 11 for its range).
struct ModelReplay: Sendable {
    /// What the store says, read when nothing was going on.
    struct Stored: Sendable {
        var record: ReplayRecord
        var parked: [ParkedDelivery]
        var failures: [ReplayFailure]
    }

    private enum Fate: Sendable {
        case delivered, filtered, skipped, dead
        /// Delivered in a life or under a plan before, filtered or skipped after that: each is right.
        case unclear
    }

    let id: ReplayID
    /// The number of its destination.
    let destination: Int
    let range: ClosedRange<Int64>
    /// What somebody has decided last, if it stands.
    var decision: ReplayState?
    private var evidence = ModelEvidence()
    private var fates: [Int64: Fate] = [:]
    /// What was parked a step ago, with when it is due.
    private var due: [Int64: Timestamp] = [:]
    /// What the clock said when it was set, the least of that.
    private var earliest: Timestamp?
    /// The plans that a run may be under, the present one last, and since when that one is.
    private var plans: [ForwarderPlan]
    private var planned: Timestamp
    private var elders: Set<Int64> = []

    init(_ id: ReplayID, to destination: Int, _ range: ClosedRange<Int64>, _ plan: ForwarderPlan, now: Timestamp) {
        self.id = id
        self.destination = destination
        self.range = range
        plans = [plan]
        planned = now
    }

    /// Its destination has another plan from now on; a run that goes by the former one ends within seconds.
    mutating func reload(_ plan: ForwarderPlan, now: Timestamp) {
        guard plan != plans.last else { return }
        plans.append(plan)
        planned = now
    }

    /// The clock has been set.
    mutating func setClock(to now: Timestamp) { earliest = min(earliest ?? now, now) }

    private func isWanted(_ position: Int64, by plan: ForwarderPlan, _ log: ModelLog) -> Bool {
        plan.wants(log[position])
    }
}

// MARK: - What the destination saw

extension ModelReplay {
    /// Checks what the destination was handed by this replay, and remembers what it answered.
    mutating func take(_ entry: JournalEntry, _ plan: ForwarderPlan, _ log: ModelLog) throws {
        if entry.isLate { throw Violation(6, "replay \(id) has sent something by a way that was closed") }
        if !entry.isMarked { throw Violation(9, "replay \(id) has sent \(entry.positions) without its mark") }
        if let isProtected = entry.isProtected, isProtected != plan.isProtected {
            throw Violation(9, "replay \(id) has sent \(entry.positions) as the gate does not let them pass")
        }
        if plan != plans.last, entry.began > planned {
            throw Violation(9, "replay \(id) has sent \(entry.positions) by a plan that is none any more")
        }
        for (index, position) in entry.positions.map(\.rawValue).enumerated() {
            guard range.contains(position) else {
                throw Violation(5, "replay \(id) has sent \(position), which is not in \(range)")
            }
            guard isWanted(position, by: plan, log) || due[position] != nil || elders.contains(position) else {
                throw Violation(5, "replay \(id) has sent \(position), unasked")
            }
            if let due = due[position], entry.answered < due {
                throw Violation(8, "replay \(id) has sent \(position) at \(entry.answered), before it was due, \(due)")
            }
            try checkOrder(position, before: entry.positions.prefix(index).map(\.rawValue), plan, log)
        }
        try entry.checkSize(log)
        for position in entry.positions.map(\.rawValue) {
            due[position] = nil
            elders.insert(position)
        }
        evidence.note(entry, plan.delivery, attempts: plan.attempts, life: 0)
    }

    private func checkOrder(_ position: Int64, before: [Int64], _ plan: ForwarderPlan, _ log: ModelLog) throws {
        // What has been handed over before keeps its turn, whatever has changed since.
        guard plan.order != .none, !elders.contains(position) else { return }
        let resource = log[position].draft.resource
        if plan.order == .resource, resource == nil { return }
        for earlier in range.lowerBound..<max(position, range.lowerBound) {
            guard plan.order == .strict || log[earlier].draft.resource == resource else { continue }
            guard plans.allSatisfy({ isWanted(earlier, by: $0, log) }), fates[earlier] == nil else { continue }
            if earlier <= log.removedThrough || before.contains(earlier) { continue }
            if evidence.isDelivered(earlier) || evidence.mayBeDead(earlier) { continue }
            throw Violation(6, "replay \(id) has sent \(position) before \(earlier)")
        }
    }
}

// MARK: - What the store says

extension ModelReplay {
    /// Checks its numbers, and each event behind its cursor.
    mutating func check(_ stored: Stored, _ log: ModelLog, now: Timestamp, clock: Timestamp) throws {
        let record = stored.record
        let parked = Set(stored.parked.map(\.position.rawValue))
        let dead = Set(stored.failures.map(\.stored.position.rawValue))
        let known = Set(due.keys)
        due = Dictionary(uniqueKeysWithValues: stored.parked.map { ($0.position.rawValue, $0.due) })
        // What a clock has said that has been set back since is not believed for longer than an hour.
        due = due.mapValues { $0 > clock + .seconds(3_600) ? min($0, earliest ?? $0) : $0 }
        for position in stride(from: range.lowerBound, through: record.cursor.rawValue, by: 1)
        where fates[position] == nil && !parked.contains(position) {
            fates[position] = try fate(of: position, isDead: dead.contains(position), wasParked: known, log)
        }
        try checkCounts(record, log)
        for failure in stored.failures {
            let copy = failure.stored.event.payload.original
            if !copy.elementsEqual(log[failure.stored.position.rawValue].content.utf8) {
                throw Violation(11, "what replay \(id) keeps of \(failure.stored.position) is no copy of it")
            }
        }
        if Int64(stored.parked.count) != record.parked || record.cursor.rawValue > range.upperBound {
            throw Violation(5, "replay \(id) has \(record.parked) parked, and its cursor is \(record.cursor)")
        }
        if record.state == .finished, record.pending != 0 || !parked.isEmpty {
            throw Violation(5, "replay \(id) is finished, and \(record.pending) are pending")
        }
        if let decision, record.state != decision {
            throw Violation(8, "replay \(id) is \(record.state), and was \(decision)")
        }
        // A run under a former plan is given five seconds for what it has in flight.
        if record.state != .running || now > planned + .seconds(6) { plans = [plans[plans.count - 1]] }
    }

    private func fate(of position: Int64, isDead: Bool, wasParked: Set<Int64>, _ log: ModelLog) throws -> Fate {
        let isRemoved = position <= log.removedThrough
        if isDead {
            if evidence.mayBeDead(position) { return .dead }
            throw Violation(5, "\(position) has failed for good in replay \(id), with attempts left")
        }
        let isSurelyWanted = plans.allSatisfy { isWanted(position, by: $0, log) }
        if evidence.isDelivered(position) {
            // What a run has delivered and could not save is passed again by the next one, under its own plan.
            return isRemoved || plans.count > 1 || !isSurelyWanted ? .unclear : .delivered
        }
        if isRemoved { return .skipped }
        if wasParked.contains(position) || isSurelyWanted {
            throw Violation(5, "replay \(id) passed \(position), which nobody has taken")
        }
        return .filtered
    }

    private func checkCounts(_ record: ReplayRecord, _ log: ModelLog) throws {
        var expected = DeliveryCounts()
        var doubt: Int64 = 0
        for fate in fates.values {
            switch fate {
            case .delivered: expected.delivered += 1
            case .filtered: expected.filtered += 1
            case .skipped: expected.skipped += 1
            case .dead: expected.dead += 1
            case .unclear: doubt += 1
            }
        }
        let counts = record.counts
        let sum = counts.delivered + counts.filtered + counts.skipped
        let isRight =
            counts.dead == expected.dead && counts.delivered >= expected.delivered
            && counts.filtered >= expected.filtered && counts.skipped >= expected.skipped
            && sum == expected.delivered + expected.filtered + expected.skipped + doubt
        if !isRight { throw Violation(5, "replay \(id) has \(counts), not \(expected) and \(doubt) in doubt") }
    }
}
