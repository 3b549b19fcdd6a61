/// Publications of one call, and what has become of them; belongs to the session's thread.
final class PublicationGroup {
    /// None when all is concluded: a confirmation that never comes keeps no bodies.
    private(set) var publications: [AMQPPublication]
    private let count: Int
    let deadline: ContinuousClock.Instant
    /// The first one that is not written yet.
    var next = 0
    private var outcomes: [AMQPOutcome?]
    private var remaining: Int
    private let conclude: ([AMQPOutcome]) -> Void

    init(
        _ publications: [AMQPPublication],
        deadline: ContinuousClock.Instant,
        conclude: @escaping ([AMQPOutcome]) -> Void
    ) {
        self.publications = publications
        count = publications.count
        self.deadline = deadline
        self.conclude = conclude
        outcomes = Array(repeating: nil, count: publications.count)
        remaining = publications.count
    }

    var isConcluded: Bool { remaining == 0 }
    var isWritten: Bool { next == count }

    /// Notes an outcome; the first one stays, but that a returned message is confirmed as well says nothing.
    func set(_ outcome: AMQPOutcome, at index: Int) {
        guard outcomes[index] == nil else { return }
        outcomes[index] = outcome
        remaining -= 1
        guard remaining == 0 else { return }
        publications = []
        conclude(outcomes.compactMap { $0 })
    }

    /// Whether there is an outcome.
    func hasOutcome(at index: Int) -> Bool { outcomes[index] != nil }

    /// What has no outcome yet will not have another.
    func concludeAll(_ error: AMQPError) {
        for index in outcomes.indices where outcomes[index] == nil {
            set(index < next ? .lost(error) : .unsent(error), at: index)
        }
    }

    /// What is not written yet is not written any more.
    func concludeUnwritten(_ error: AMQPError) {
        let rest = next..<count
        next = count
        for index in rest { set(.unsent(error), at: index) }
    }
}

/// One publication of a group.
struct PublicationSlot {
    let group: PublicationGroup
    let index: Int

    /// Where there is no outcome yet.
    var publication: AMQPPublication { group.publications[index] }
}
