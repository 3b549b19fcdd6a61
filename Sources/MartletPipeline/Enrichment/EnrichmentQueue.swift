import DequeModule
import Martlet

/// Which resources are to be asked for, which are being asked for, and which need not be for a while: a value, without a clock.
///
/// A resource is in it once, however many events speak of it (single flight). What waits is bounded: beyond that the question
/// is not asked now, and an event that comes later asks it again.
struct EnrichmentQueue: Sendable {
    /// A question to be asked.
    struct Question: Sendable, Hashable {
        var subject: ResourceSubject
        /// The last event that asks for it.
        var position: Position
        /// Tries before this one.
        var attempts = 0
        /// Something has changed: an answer of before does not do.
        var isChanged: Bool
    }

    /// Tries of one question, at the most.
    static let attempts = 5

    private enum Stage: Sendable {
        case waiting
        case inFlight
    }

    private struct Entry: Sendable {
        var question: Question
        var stage: Stage
        /// An event has come since it was asked.
        var isAskedAgain = false
        /// Nobody could be asked.
        var isPostponed = false
    }

    private struct Answer: Sendable {
        /// The head of the log when it was asked.
        var asked: Position
        var freshUntil: Timestamp
    }

    private let capacity: Int
    private var entries: [ResourceSubject: Entry] = [:]
    /// In the order of asking, each with the moment before which it is not asked again.
    private var order: Deque<(subject: ResourceSubject, due: Timestamp)> = []
    /// Those of now, and those of before them, which are forgotten together: bounded without a list.
    private var answers: [ResourceSubject: Answer] = [:]
    private var olderAnswers: [ResourceSubject: Answer] = [:]
    /// Those whose questions were not asked because there were too many, or were given up, and have not come again.
    private var owed: Set<ResourceSubject> = []
    private(set) var dropped = 0

    init(capacity: Int = 10_000) { self.capacity = capacity }

    var isEmpty: Bool { entries.isEmpty }
    var waitingCount: Int { order.count }

    /// Asks for a resource because of an event.
    ///
    /// - Parameter isChange: whether the event says that the resource has changed; others are content with what is known.
    /// - Returns: whether there is something to do that there was not before.
    mutating func ask(for subject: ResourceSubject, at position: Position, isChange: Bool, now: Timestamp) -> Bool {
        if entries[subject] != nil {
            entries[subject]?.question.position = position
            if isChange { entries[subject]?.question.isChanged = true }
            if isChange, case .inFlight = entries[subject]?.stage { entries[subject]?.isAskedAgain = true }
            return false
        }
        if let answer = answer(for: subject), answer.freshUntil > now, !isChange || answer.asked >= position {
            return false
        }
        guard entries.count < capacity else {
            drop(subject)
            return false
        }
        entries[subject] = Entry(
            question: Question(subject: subject, position: position, isChanged: isChange),
            stage: .waiting
        )
        order.append((subject, now))
        return true
    }

    /// The next question that may be asked now.
    mutating func next(now: Timestamp) -> Question? {
        guard let index = order.firstIndex(where: { $0.due <= now }) else { return nil }
        let subject = order.remove(at: index).subject
        entries[subject]?.stage = .inFlight
        entries[subject]?.isAskedAgain = false
        entries[subject]?.isPostponed = false
        return entries[subject]?.question
    }

    /// The moment at which ``next(now:)`` may have something, if any waits.
    var wakeTime: Timestamp? { order.lazy.map(\.due).min() }

    /// Takes note that a question has been answered, and need not be asked for a while.
    ///
    /// - Parameter asked: the head of the log when it was asked.
    /// - Returns: whether it has to be asked again at once: something has changed meanwhile.
    @discardableResult
    mutating func answer(_ question: Question, asked: Position, freshFor lifetime: Duration, now: Timestamp) -> Bool {
        remember(question.subject, Answer(asked: asked, freshUntil: now + lifetime))
        owed.remove(question.subject)
        guard var entry = entries.removeValue(forKey: question.subject) else { return false }
        guard entry.isAskedAgain, entry.question.position > asked else { return false }
        entry = Entry(question: entry.question, stage: .waiting)
        entry.question.attempts = 0
        entries[question.subject] = entry
        order.append((question.subject, now))
        return true
    }

    /// Takes note that a question was not answered: it is asked again later, or given up.
    mutating func fail(_ question: Question, again due: Timestamp) {
        guard entries[question.subject] != nil else { return }
        guard question.attempts + 1 < EnrichmentQueue.attempts else {
            entries[question.subject] = nil
            drop(question.subject)
            return
        }
        entries[question.subject]?.question.attempts = question.attempts + 1
        entries[question.subject]?.stage = .waiting
        order.append((question.subject, due))
    }

    /// Puts a question back that nobody could be asked: it spends no attempt.
    mutating func postpone(_ question: Question, until due: Timestamp) {
        guard entries[question.subject] != nil else { return }
        entries[question.subject]?.stage = .waiting
        entries[question.subject]?.isPostponed = true
        order.append((question.subject, due))
    }

    /// Whether a resource is, or is about to be, asked for because of an event up to this position.
    func isPending(_ subject: ResourceSubject, at position: Position) -> Bool {
        guard let entry = entries[subject] else { return false }
        // What has been tried and failed, and what nobody can be asked for, is not waited for.
        return entry.question.attempts == 0 && !entry.isPostponed
    }

    /// Whether a resource is to be asked for, or has been given up.
    func isOwed(_ subject: ResourceSubject) -> Bool { entries[subject] != nil || owed.contains(subject) }

    private mutating func drop(_ subject: ResourceSubject) {
        dropped += 1
        if owed.count < capacity { owed.insert(subject) }
    }

    private func answer(for subject: ResourceSubject) -> Answer? { answers[subject] ?? olderAnswers[subject] }

    private mutating func remember(_ subject: ResourceSubject, _ answer: Answer) {
        answers[subject] = answer
        guard answers.count > 2 * capacity else { return }
        olderAnswers = answers
        answers = [:]
    }
}
