import Martlet
import MartletPipeline

/// What a forwarder must have done, told from what its destination saw.
struct ModelForwarder: Sendable {
    /// What the destination's answers say of one event.
    private struct Evidence {
        var isDelivered = false
        var isRejected = false
        var failures = 0
        /// The successes that the destination had seen when this event found it unavailable.
        var successesWhenUnavailable: Int?
    }

    /// What the store says, read when nothing was going on.
    struct Stored: Sendable {
        var status: ForwarderStatus
        var record: ForwarderRecord
        var letters: [DeadLetter]
    }

    let plan: ForwarderPlan
    let start: Int64
    private var evidence: [Int64: Evidence] = [:]
    private var discarded: Set<Int64> = []
    private var successes = 0
    /// When each parked event was due, as it was stored a step ago.
    private var due: [Int64: Timestamp] = [:]

    init(_ plan: ForwarderPlan, start: Int64) {
        self.plan = plan
        self.start = start
    }

    mutating func willRedeliver(_ letters: [DeadLetter]) {
        for letter in letters {
            evidence[letter.stored.position.rawValue]?.isDelivered = false
            discarded.remove(letter.stored.position.rawValue)
        }
    }

    mutating func willDiscard(_ letters: [DeadLetter]) {
        discarded.formUnion(letters.map(\.stored.position.rawValue))
    }

    private func wants(_ position: Int64, _ log: ModelLog) -> Bool {
        position > start && plan.kinds.contains(log[position].draft.kind)
    }

    private func mayBeDead(_ position: Int64) -> Bool {
        evidence[position].map { $0.isRejected || $0.failures >= plan.attempts } ?? false
    }
}

// MARK: - What the destination saw

extension ModelForwarder {
    /// Checks what the destination was handed in this step, and remembers what it answered.
    mutating func take(_ journal: [JournalEntry], _ log: ModelLog) throws {
        for entry in journal {
            for (index, position) in entry.positions.map(\.rawValue).enumerated() {
                guard position <= log.head else {
                    throw Violation(1, "\(position) was sent to \(plan.name), and is not in the log")
                }
                guard wants(position, log) else { throw Violation(5, "\(position) was sent to \(plan.name), unasked") }
                if let due = due.removeValue(forKey: position), entry.time < due {
                    throw Violation(
                        8,
                        "\(position) was sent to \(plan.name) at \(entry.time), before it was due, \(due)"
                    )
                }
                if !entry.isReplay { try checkOrder(position, before: entry.positions.prefix(index), log) }
            }
            for (position, answer) in zip(entry.positions, entry.answers) {
                // An atomic batch that is rejected is tried event by event; elsewhere each has an answer of its own.
                let isItsOwn = plan.delivery.mode != .atomic || entry.positions.count == 1
                note(answer, position.rawValue, isItsOwn: isItsOwn)
            }
        }
    }

    private func checkOrder(_ position: Int64, before: ArraySlice<Position>, _ log: ModelLog) throws {
        guard plan.order != .none, position > start + 1 else { return }
        let resource = log[position].draft.resource
        if plan.order == .resource, resource == nil { return }
        for earlier in (start + 1)..<position where wants(earlier, log) {
            guard plan.order == .strict || log[earlier].draft.resource == resource else { continue }
            if evidence[earlier]?.isDelivered == true || mayBeDead(earlier) { continue }
            if before.contains(Position(rawValue: earlier)) { continue }
            throw Violation(6, "\(position) was sent to \(plan.name) before \(earlier)")
        }
    }

    private mutating func note(_ answer: DeliveryOutcome, _ position: Int64, isItsOwn: Bool) {
        var seen = evidence[position, default: Evidence()]
        switch answer {
        case .delivered:
            seen.isDelivered = true
            successes += 1
        case .retry: seen.failures += 1
        case .reject: seen.isRejected = seen.isRejected || isItsOwn
        case .unavailable:
            // It costs an attempt only where others got through since the last time.
            if let before = seen.successesWhenUnavailable, successes > before { seen.failures += 1 }
            seen.successesWhenUnavailable = successes
        case .gone, .untried: break
        }
        evidence[position] = seen
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

        var expected = DeliveryCounts()
        for position in stride(from: start + 1, through: cursor, by: 1) {
            if !wants(position, log) {
                expected.filtered += 1
                if parked.contains(position) || dead.contains(position) {
                    throw Violation(5, "\(plan.name) keeps \(position), which it does not want")
                }
            } else if parked.contains(position) {
                if dead.contains(position) { throw Violation(5, "\(position) is parked and dead in \(plan.name)") }
            } else if dead.contains(position) {
                expected.dead += 1
                if !mayBeDead(position) {
                    throw Violation(5, "\(position) is dead in \(plan.name), with attempts left")
                }
            } else if discarded.contains(position) {
                expected.skipped += 1
            } else {
                expected.delivered += 1
                if evidence[position]?.isDelivered != true {
                    throw Violation(5, "\(plan.name) passed \(position), which nobody has taken")
                }
            }
        }
        for letter in stored.letters {
            let copy = letter.stored.event.payload.original
            if !copy.elementsEqual(log[letter.stored.position.rawValue].content.utf8) {
                throw Violation(11, "the dead letter of \(letter.stored.position) in \(plan.name) is no copy of it")
            }
        }
        if status.counts != expected { throw Violation(5, "\(plan.name) has \(status.counts), not \(expected)") }
        let pending = log.head - cursor + Int64(parked.count)
        if status.pending != pending { throw Violation(5, "\(plan.name): \(status.pending) pending, not \(pending)") }
        if status.committed != log.head - start {
            throw Violation(5, "\(plan.name): \(status.committed) committed, not \(log.head - start)")
        }
        if let wrong = parked.union(dead).first(where: { $0 > cursor || $0 <= start }) {
            throw Violation(5, "\(plan.name) keeps \(wrong), which the cursor \(cursor) has not passed")
        }
    }

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
        let next = stride(from: stored.record.cursor.rawValue + 1, through: log.head, by: 1).first { wants($0, log) }
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
