import Martlet
import MartletPipeline

/// What a forwarder may leave out after an outage, and what it must, told from what its destination answered.
///
/// When exactly a stretch begins and ends nobody tells the model, so it knows bounds: what may have been skipped, and, where
/// nobody has meddled, what must have been.
struct ModelResynchronisation: Sendable {
    /// Every event up to here may be part of a stretch of which the last events only are sent.
    private var bound: Int64 = 0
    /// The plans that were in force while it lasted.
    private var plans: [ForwarderPlan] = []
    /// The first failure since the destination last took something, by the clock that nobody sets.
    private var failingSince: Timestamp?
    private var isLong = false
    /// Where the log ended when this step began, and how far the cursor had come.
    private var headBefore: Int64 = 0
    private var passed: Int64 = 0
    /// What has been sent with the mark.
    private var marked: Set<Int64> = []

    /// The destination is away, as far as is certain: since when, and the last time it was tried.
    private struct Away {
        var since: Timestamp
        var tried: Timestamp
        /// Where the log ended before that try, at the least.
        var head: Int64
    }

    private var away: Away?
    /// The end of the stretch, at the least, that the last certain try after an outage has begun.
    private var leastEnd: Int64 = 0

    mutating func use(_ plan: ForwarderPlan) { plans.append(plan) }

    /// Nothing is certain any more: it may be tried at another time, or while something is on its way.
    mutating func disturb() { away = nil }

    /// Another life of the process, which knows a pause, but not since when the destination is away.
    mutating func begin(_ plan: ForwarderPlan) {
        use(plan)
        disturb()
        // An end that was moved on may not have been saved.
        leastEnd = 0
        if failingSince != nil { isLong = true }
    }

    /// Something of which this forwarder may have skipped more.
    func maySkip(_ position: Int64, _ log: ModelLog) -> Bool {
        guard position <= bound, let identity = log[position].identity else { return false }
        return stride(from: position + 1, through: bound, by: 1).contains { later in
            log[later].identity == identity && isWanted(log[later])
        }
    }

    /// Whether it was wanted at some time while the stretch lasted.
    func isWanted(_ event: ModelEvent) -> Bool { plans.contains { $0.wants(event) } }

    mutating func advance(to now: Timestamp, _ log: ModelLog) {
        guard let failingSince else { return }
        if now - failingSince >= ForwarderPlan.outage { isLong = true }
        if isLong || bound > passed, plans.contains(where: { $0.afterOutage == .latest }) { bound = log.head }
    }

    mutating func endStep(passed: Int64, head: Int64) {
        (self.passed, headBefore) = (passed, head)
        if passed >= bound, failingSince == nil { plans = plans.suffix(1) }
    }

    /// Takes in what was answered.
    mutating func note(_ entry: JournalEntry, isDestinationAway: Bool) {
        marked.formUnion(entry.resynchronised)
        // One after the other, as they are taken: what fails behind a success in the same batch begins anew.
        for answer in entry.answers {
            if answer == .delivered {
                (failingSince, isLong, away) = (nil, false, nil)
            } else if failingSince == nil {
                failingSince = entry.ended
            }
        }
        guard isDestinationAway, !entry.isMarked else {
            if !entry.answers.allSatisfy({ $0 == .delivered }) { away = nil }
            return
        }
        away = Away(since: away?.since ?? entry.ended, tried: entry.ended, head: headBefore)
    }

    /// Checks the marks, before the answers are taken in.
    ///
    /// - Parameter fresh: those of the positions that come for the first time, and waited for nobody.
    mutating func check(
        _ entry: JournalEntry,
        fresh: [Int64],
        name: String,
        plans: [ForwarderPlan],
        _ log: ModelLog
    ) throws {
        for position in entry.resynchronised where !marked.contains(position) {
            if position > bound || log[position].identity == nil {
                throw Violation(5, "\(position) was sent to \(name) as if earlier ones had been skipped")
            }
        }
        // The one try whether it is back, and nothing else under way.
        let isCertain = away.map { entry.began > $0.tried } ?? false
        if isCertain, let away, !plans.contains(where: { $0.afterOutage == .replay }) {
            leastEnd = max(leastEnd, away.head)
            if entry.began - away.since >= ForwarderPlan.outage {
                let missed = fresh.filter { $0 <= headBefore && log[$0].identity != nil }
                for position in missed where !entry.resynchronised.contains(position) {
                    throw Violation(5, "\(position) was sent to \(name) after an outage, and is not marked")
                }
            }
        }
        for position in fresh where entry.resynchronised.contains(position) && position < leastEnd {
            let later = stride(from: position + 1, through: leastEnd, by: 1).first { later in
                log[later].identity == log[position].identity && plans.allSatisfy { $0.wants(log[later]) }
            }
            if let later { throw Violation(5, "\(position) was sent to \(name), and \(later) tells more") }
        }
    }
}
