import Martlet
import MartletPipeline

/// What a forwarder must have done, told from what its destination saw.
struct ModelForwarder: Sendable {
    /// What the store says, read when nothing was going on.
    struct Stored: Sendable {
        var status: ForwarderStatus
        var record: ForwarderRecord
        var letters: [DeadLetter]
    }

    private(set) var plan: ForwarderPlan
    let start: Int64
    private var evidence = ModelEvidence()
    private var discarded: Set<Int64> = []
    private var redelivered: Set<Int64> = []
    /// When each parked event was due, as it was stored a step ago.
    private var due: [Int64: Timestamp] = [:]
    /// A reload has brought due times forward, which is not on disk yet.
    private var isDueAnew = false
    /// What was dead a step ago.
    private var dead: Set<Int64> = []

    /// The plans that were in force in this step, the present one last.
    private var plansOfStep: [ForwarderPlan]
    /// The same since everything that had been achieved was on disk.
    private var plansSinceSave: [ForwarderPlan]
    /// Its own, counted: it has a new one with each of the process, and when it is configured again.
    private var life = 0
    private var isFirstLook = true
    /// Up to here the cursor has been followed.
    private var passed: Int64
    /// What was passed and nobody wanted; what may have been that, or have been delivered in a life before.
    private var filtered: Set<Int64> = []
    private var unclear: Set<Int64> = []
    /// What retention had removed when this life began, and what of it was not concluded then.
    private var removedThrough: Int64 = 0
    private var skipped: Set<Int64> = []
    /// What had been handed over before filter or order were others: it keeps its turn.
    private var elders: Set<Int64> = []

    init(_ plan: ForwarderPlan, start: Int64) {
        self.plan = plan
        self.start = start
        passed = start
        plansOfStep = [plan]
        plansSinceSave = [plan]
    }

    private func isWanted(_ position: Int64, by plan: ForwarderPlan, _ log: ModelLog) -> Bool {
        position > start && plan.wants(log[position])
    }
}

// MARK: - What is decided

extension ModelForwarder {
    mutating func willRedeliver(_ letters: [DeadLetter]) {
        for position in letters.map(\.stored.position.rawValue) {
            evidence.forgetDelivery(of: position)
            discarded.remove(position)
            redelivered.insert(position)
        }
    }

    mutating func willDiscard(_ letters: [DeadLetter]) {
        discarded.formUnion(letters.map(\.stored.position.rawValue))
    }

    /// It starts with this plan; what retention has removed meanwhile is skipped.
    mutating func begin(_ plan: ForwarderPlan, removedThrough: Int64) {
        life += 1
        (isFirstLook, isDueAnew) = (true, false)
        self.removedThrough = removedThrough
        skipped.formUnion(due.keys.filter { $0 <= removedThrough && !redelivered.contains($0) })
        self.plan = plan
        plansOfStep = [plan]
        plansSinceSave.append(plan)
    }

    /// Another plan comes into force in the middle of a life.
    mutating func reload(_ plan: ForwarderPlan, now: Timestamp) {
        guard plan != self.plan else { return }
        // A destination that is reached by another way is tried at once, and nothing waits for longer than it would now.
        due = plan.delivery != self.plan.delivery ? [:] : due.mapValues { min($0, now + plan.longestDelay) }
        isDueAnew = true
        self.plan = plan
        plansOfStep.append(plan)
        plansSinceSave.append(plan)
    }
}

// MARK: - What the destination saw

extension ModelForwarder {
    /// Checks what the destination was handed in this step, and remembers what it answered.
    mutating func take(_ journal: [JournalEntry], _ log: ModelLog) throws {
        for entry in journal {
            if entry.isLate { throw Violation(6, "\(plan.name) was sent something by a way that was closed") }
            if let isProtected = entry.isProtected, !plansOfStep.contains(where: { $0.isProtected == isProtected }) {
                throw Violation(
                    9,
                    "\(entry.positions) were sent to \(plan.name) as the gate does not let them pass now"
                )
            }
            for (index, position) in entry.positions.map(\.rawValue).enumerated() {
                try check(position, before: entry.positions.prefix(index).map(\.rawValue), entry, log)
            }
            for (position, answer) in zip(entry.positions, entry.answers) {
                // An atomic batch that is rejected is tried event by event; elsewhere each has an answer of its own.
                let isItsOwn = entry.sink.delivery.mode != .atomic || entry.positions.count == 1
                let attempts = plansOfStep.map(\.attempts).min() ?? plan.attempts
                evidence.note(answer, position.rawValue, isItsOwn: isItsOwn, attempts: attempts, life: life)
            }
        }
    }

    private mutating func check(
        _ position: Int64,
        before: [Int64],
        _ entry: JournalEntry,
        _ log: ModelLog
    ) throws {
        guard position <= log.head else {
            throw Violation(1, "\(position) was sent to \(plan.name), and is not in the log")
        }
        let isAsked = plansSinceSave.contains { isWanted(position, by: $0, log) }
        guard isAsked || due[position] != nil || redelivered.contains(position) || elders.contains(position) else {
            throw Violation(5, "\(position) was sent to \(plan.name), unasked")
        }
        if let due = due.removeValue(forKey: position), entry.answered < due {
            throw Violation(8, "\(position) was sent to \(plan.name) at \(entry.answered), before it was due, \(due)")
        }
        // What has been brought back from the dead letters is marked, and nothing else is.
        if entry.isMarked, !redelivered.contains(position) {
            throw Violation(9, "\(position) was sent to \(plan.name) with the mark of a replay")
        }
        if !entry.isMarked { try checkOrder(position, before: before, log) }
    }

    private func checkOrder(_ position: Int64, before: [Int64], _ log: ModelLog) throws {
        let orders = Set(plansOfStep.map(\.order))
        guard !orders.contains(.none), position > start + 1, !elders.contains(position) else { return }
        let resource = log[position].draft.resource
        let isStrict = orders == [.strict]
        if !isStrict, resource == nil { return }
        for earlier in (start + 1)..<position where isStrict || log[earlier].draft.resource == resource {
            let isToPrecede =
                due[earlier] != nil || plansSinceSave.allSatisfy { isWanted(earlier, by: $0, log) }
            guard isToPrecede, !filtered.contains(earlier), !redelivered.contains(earlier) else { continue }
            if earlier <= removedThrough { continue }
            if evidence.isDelivered(earlier) || evidence.mayBeDead(earlier) || before.contains(earlier) { continue }
            throw Violation(6, "\(position) was sent to \(plan.name) before \(earlier)")
        }
    }
}

// MARK: - What the store says

extension ModelForwarder {
    /// Checks the five numbers, and each event behind the cursor.
    mutating func check(_ stored: Stored, _ log: ModelLog) throws {
        let (status, cursor) = (stored.status, stored.record.cursor.rawValue)
        let parked = Set(stored.record.parked.map(\.position.rawValue))
        let dead = Set(stored.letters.map(\.stored.position.rawValue))
        due = Dictionary(uniqueKeysWithValues: stored.record.parked.map { ($0.position.rawValue, $0.due) })
        if isDueAnew { due = due.mapValues { _ in Timestamp(seconds: 0) } }
        pass(through: cursor, keeping: parked.union(dead).union(discarded), log)

        var expected = DeliveryCounts()
        var doubt: Int64 = 0
        for position in stride(from: start + 1, through: cursor, by: 1) {
            let isKept = parked.contains(position) || dead.contains(position)
            if isKept, filtered.contains(position) {
                throw Violation(5, "\(plan.name) keeps \(position), which it does not want")
            } else if parked.contains(position) {
                if dead.contains(position) { throw Violation(5, "\(position) is parked and dead in \(plan.name)") }
            } else if dead.contains(position) {
                expected.dead += 1
                if !self.dead.contains(position), !evidence.mayBeDead(position) {
                    throw Violation(5, "\(position) is dead in \(plan.name), with attempts left")
                }
            } else if discarded.contains(position) || skipped.contains(position) {
                expected.skipped += 1
            } else if filtered.contains(position) {
                expected.filtered += 1
            } else if unclear.contains(position) {
                doubt += 1
            } else {
                expected.delivered += 1
                if !evidence.isDelivered(position) {
                    throw Violation(5, "\(plan.name) passed \(position), which nobody has taken")
                }
            }
        }
        self.dead = dead
        for letter in stored.letters {
            let copy = letter.stored.event.payload.original
            if !copy.elementsEqual(log[letter.stored.position.rawValue].content.utf8) {
                throw Violation(11, "the dead letter of \(letter.stored.position) in \(plan.name) is no copy of it")
            }
        }
        try check(status, expected, doubt, parked, log)
        if let wrong = parked.union(dead).first(where: { $0 > cursor || $0 <= start }) {
            throw Violation(5, "\(plan.name) keeps \(wrong), which the cursor \(cursor) has not passed")
        }
    }

    private func check(
        _ status: ForwarderStatus,
        _ expected: DeliveryCounts,
        _ doubt: Int64,
        _ parked: Set<Int64>,
        _ log: ModelLog
    ) throws {
        let counts = status.counts
        let isRight =
            counts.dead == expected.dead && counts.skipped == expected.skipped
            && counts.delivered >= expected.delivered && counts.filtered >= expected.filtered
            && counts.delivered + counts.filtered == expected.delivered + expected.filtered + doubt
        if !isRight { throw Violation(5, "\(plan.name) has \(counts), not \(expected) and \(doubt) in doubt") }
        let pending = log.head - status.cursor.rawValue + Int64(parked.count)
        if status.pending != pending { throw Violation(5, "\(plan.name): \(status.pending) pending, not \(pending)") }
        if status.committed != log.head - start {
            throw Violation(5, "\(plan.name): \(status.committed) committed, not \(log.head - start)")
        }
    }

    /// Classifies what the cursor has passed since the last look.
    private mutating func pass(through cursor: Int64, keeping kept: Set<Int64>, _ log: ModelLog) {
        for position in stride(from: passed + 1, through: cursor, by: 1) where !kept.contains(position) {
            if position <= removedThrough {
                skipped.insert(position)
            } else if plansSinceSave.allSatisfy({ isWanted(position, by: $0, log) }) {
                continue
            } else if !evidence.isDelivered(position) {
                filtered.insert(position)
            } else if isFirstLook || !evidence.isDelivered(position, in: life) {
                // Taken in a life before this one, which may not have been saved, and then it was not wanted any more.
                unclear.insert(position)
            }
        }
        passed = max(passed, cursor)
    }

    /// The step is over.
    ///
    /// - Parameter hasSaved: everything that has been achieved is on disk.
    mutating func endStep(hasSaved: Bool) {
        let former = plansOfStep[0]
        if plansOfStep.contains(where: { $0.kinds != former.kinds || $0.order != former.order }) {
            elders.formUnion(evidence.positions)
        }
        plansOfStep = [plan]
        if hasSaved { (plansSinceSave, isDueAnew) = ([plan], false) }
        isFirstLook = false
    }
}

// MARK: - What it may leave waiting

extension ModelForwarder {
    /// Checks that nothing waits without a reason, in a forwarder that runs, has saved, and whose destination is there.
    ///
    /// - Parameter isFull: as much is parked, what lies beyond the cursor included, as may be.
    func checkNothingWaits(_ stored: Stored, _ log: ModelLog, now: Timestamp, isFull: Bool) throws {
        let parked = stored.record.parked
        let units = Dictionary(grouping: parked, by: { $0.unit ?? $0.position })
        for members in units.values {
            let isFirst = members.allSatisfy { member in
                parked.allSatisfy { other in
                    other.position >= member.position || !isOneLane(member, other) || members.contains(other)
                }
            }
            if isFirst, let late = members.first(where: { $0.due <= now }) {
                throw Violation(7, "\(plan.name) leaves \(late.position) waiting, which was due at \(late.due)")
            }
        }
        // The cursor follows lazily where nobody is concerned.
        let next = stride(from: stored.record.cursor.rawValue + 1, through: log.head, by: 1).first { position in
            isWanted(position, by: plan, log)
        }
        if !isFull, plan.order != .strict || parked.isEmpty, let next {
            throw Violation(7, "\(plan.name) stands at \(stored.record.cursor) and leaves \(next) waiting")
        }
    }

    private func isOneLane(_ one: ParkedDelivery, _ other: ParkedDelivery) -> Bool {
        guard !one.isRedelivery, !other.isRedelivery else { return false }
        switch plan.order {
        case .strict: return true
        case .none: return false
        case .resource: return one.lane != nil && one.lane == other.lane
        }
    }
}
