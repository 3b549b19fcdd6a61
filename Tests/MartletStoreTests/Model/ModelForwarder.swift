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
    /// What the clock said when it was set, the least of that.
    private var earliest: Timestamp?
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
    /// What was passed and not sent, because a later event of its resource was; what may have been that, or something else.
    private var superseded: Set<Int64> = []
    private var maybeSuperseded: Set<Int64> = []
    private var resynchronisation = ModelResynchronisation()
    /// What retention had removed when this life began, and what of it was not concluded then.
    private var removedThrough: Int64 = 0
    private var skipped: Set<Int64> = []
    /// What had been handed over before filter or order were others: it keeps its turn.
    private var elders: Set<Int64> = []
    /// What was parked when the step began and has been handed over in it.
    private var parkedInStep: Set<Int64> = []

    init(_ plan: ForwarderPlan, start: Int64) {
        self.plan = plan
        self.start = start
        passed = start
        plansOfStep = [plan]
        plansSinceSave = [plan]
        resynchronisation.use(plan)
    }

    /// Somebody has said that it is to be tried at once, or the clock has been set.
    mutating func disturb() { resynchronisation.disturb() }

    /// The clock has been set.
    mutating func setClock(to now: Timestamp) {
        disturb()
        earliest = min(earliest ?? now, now)
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
        resynchronisation.begin(plan)
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
        resynchronisation.use(plan)
        resynchronisation.disturb()
    }
}

// MARK: - What the destination saw

extension ModelForwarder {
    /// Checks what the destination was handed in this step, and remembers what it answered.
    mutating func take(_ journal: [JournalEntry], _ log: ModelLog, now: Timestamp) throws {
        resynchronisation.advance(to: now, log)
        for entry in journal {
            resynchronisation.advance(to: entry.ended, log)
            try checkResynchronisation(entry, log)
            if entry.isLate { throw Violation(6, "\(plan.name) was sent something by a way that was closed") }
            if let isProtected = entry.isProtected, !plansOfStep.contains(where: { $0.isProtected == isProtected }) {
                throw Violation(
                    9,
                    "\(entry.positions) were sent to \(plan.name) as the gate does not let them pass now"
                )
            }
            for position in entry.positions.map(\.rawValue) where position > log.head {
                throw Violation(1, "\(position) was sent to \(plan.name), and is not in the log")
            }
            try entry.checkSize(log)
            for (index, position) in entry.positions.map(\.rawValue).enumerated() {
                try check(position, before: entry.positions.prefix(index).map(\.rawValue), entry, log)
            }
            let attempts = plansOfStep.map(\.attempts).min() ?? plan.attempts
            evidence.note(entry, entry.sink.delivery, attempts: attempts, life: life)
        }
        resynchronisation.advance(to: now, log)
    }

    /// Checks what is marked, and that nothing is sent of which a later event tells more.
    private mutating func checkResynchronisation(_ entry: JournalEntry, _ log: ModelLog) throws {
        let fresh = entry.positions.map(\.rawValue).filter { position in
            // What had been handed over, or waits behind one that was, keeps what had become of it.
            guard position > start, position <= log.head, due[position] == nil, !redelivered.contains(position)
            else { return false }
            return !evidence.hasMet(position)
                && (start + 1..<position).allSatisfy { earlier in
                    log[earlier].identity != log[position].identity || !evidence.hasFailed(earlier)
                }
        }
        let plans = plansSinceSave
        try resynchronisation.check(entry, fresh: fresh, name: plan.name, plans: plans, log)
        resynchronisation.note(entry, isDestinationAway: evidence.isAway(entry))
    }

    private mutating func check(
        _ position: Int64,
        before: [Int64],
        _ entry: JournalEntry,
        _ log: ModelLog
    ) throws {
        let isAsked = plansSinceSave.contains { isWanted(position, by: $0, log) }
        // What was parked at the beginning of a step may be tried more than once in it.
        if due[position] != nil { parkedInStep.insert(position) }
        guard isAsked || parkedInStep.contains(position) || redelivered.contains(position) || elders.contains(position)
        else {
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
            if earlier <= removedThrough || resynchronisation.maySkip(earlier, log) { continue }
            if superseded.contains(earlier) || maybeSuperseded.contains(earlier) { continue }
            if evidence.isDelivered(earlier) || evidence.mayBeDead(earlier) || before.contains(earlier) { continue }
            throw Violation(6, "\(position) was sent to \(plan.name) before \(earlier)")
        }
    }
}

// MARK: - What the store says

extension ModelForwarder {
    /// Checks the five numbers, and each event behind the cursor.
    mutating func check(_ stored: Stored, _ log: ModelLog, now: Timestamp) throws {
        let (status, cursor) = (stored.status, stored.record.cursor.rawValue)
        let parked = Set(stored.record.parked.map(\.position.rawValue))
        let dead = Set(stored.letters.map(\.stored.position.rawValue))
        parkedInStep = []
        due = Dictionary(uniqueKeysWithValues: stored.record.parked.map { ($0.position.rawValue, $0.due) })
        if isDueAnew { due = due.mapValues { _ in Timestamp(seconds: 0) } }
        // What a clock has said that has been set back since is not believed for longer than an hour.
        due = due.mapValues { $0 > now + .seconds(3_600) ? min($0, earliest ?? $0) : $0 }
        let gone = pass(through: cursor, keeping: parked.union(dead).union(discarded), log)
        try checkStretch(of: gone, stored, log)

        var expected = DeliveryCounts()
        var doubt: Int64 = 0
        var skippedDoubt: Int64 = 0
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
            } else if discarded.contains(position) || skipped.contains(position) || superseded.contains(position) {
                expected.skipped += 1
            } else if filtered.contains(position) {
                expected.filtered += 1
            } else if unclear.contains(position) {
                doubt += 1
                if maybeSuperseded.contains(position) { skippedDoubt += 1 }
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
        try check(status, expected, doubt, upTo: skippedDoubt, parked, log)
        if let wrong = parked.union(dead).first(where: { $0 > cursor || $0 <= start }) {
            throw Violation(5, "\(plan.name) keeps \(wrong), which the cursor \(cursor) has not passed")
        }
    }

    private func check(
        _ status: ForwarderStatus,
        _ expected: DeliveryCounts,
        _ doubt: Int64,
        upTo skippedDoubt: Int64,
        _ parked: Set<Int64>,
        _ log: ModelLog
    ) throws {
        let counts = status.counts
        let isRight =
            counts.dead == expected.dead
            && (expected.skipped...expected.skipped + skippedDoubt).contains(counts.skipped)
            && counts.delivered >= expected.delivered && counts.filtered >= expected.filtered
            && counts.delivered + counts.filtered + counts.skipped
                == expected.delivered + expected.filtered + expected.skipped + doubt
        if !isRight { throw Violation(5, "\(plan.name) has \(counts), not \(expected) and \(doubt) in doubt") }
        let pending = log.head - status.cursor.rawValue + Int64(parked.count)
        if status.pending != pending { throw Violation(5, "\(plan.name): \(status.pending) pending, not \(pending)") }
        if status.committed != log.head - start {
            throw Violation(5, "\(plan.name): \(status.committed) committed, not \(log.head - start)")
        }
    }

    /// Promise 8: what stands for an event that was skipped has been passed too, or a kill now would not make it forget that the
    /// last one of each resource is what is sent.
    private func checkStretch(of superseded: [Int64], _ stored: Stored, _ log: ModelLog) throws {
        if plansSinceSave.contains(where: { $0.afterOutage == .replay }) { return }
        let end = max(stored.record.resynchronisation?.through.rawValue ?? 0, stored.record.cursor.rawValue)
        for position in superseded {
            let isToldOf = stride(from: position + 1, through: min(end, log.head), by: 1).contains { later in
                log[later].identity == log[position].identity && resynchronisation.isWanted(log[later])
            }
            if !isToldOf { throw Violation(8, "\(plan.name) has skipped \(position) and does not know up to where") }
        }
    }

    /// Classifies what the cursor has passed since the last look.
    ///
    /// - Returns: what was skipped because a later event of its resource is sent.
    private mutating func pass(through cursor: Int64, keeping kept: Set<Int64>, _ log: ModelLog) -> [Int64] {
        var gone: [Int64] = []
        for position in stride(from: passed + 1, through: cursor, by: 1) where !kept.contains(position) {
            let maySkip = resynchronisation.maySkip(position, log)
            if position <= removedThrough {
                skipped.insert(position)
            } else if plansSinceSave.allSatisfy({ isWanted(position, by: $0, log) }) {
                guard maySkip else { continue }
                if !evidence.isDelivered(position) {
                    gone.append(position)
                } else if isFirstLook || !evidence.isDelivered(position, in: life) {
                    // Taken in a life before this one, which may not have been saved.
                    unclear.insert(position)
                    maybeSuperseded.insert(position)
                }
            } else if !evidence.isDelivered(position), !maySkip {
                filtered.insert(position)
            } else if isFirstLook || !evidence.isDelivered(position, in: life) {
                // Taken in a life before this one, which may not have been saved, and then it was not wanted any more.
                unclear.insert(position)
                if maySkip { maybeSuperseded.insert(position) }
            }
        }
        passed = max(passed, cursor)
        superseded.formUnion(gone)
        return gone
    }

    /// The step is over.
    ///
    /// - Parameter hasSaved: everything that has been achieved is on disk.
    mutating func endStep(hasSaved: Bool, head: Int64) {
        resynchronisation.endStep(passed: passed, head: head)
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
