import Martlet
import MartletPipeline
import Synchronization

/// Keeps a source's queue bound: looks at the exchanges when a session begins, and again while it lasts.
struct ExchangeWatch: Sendable {
    /// How often what is bound is looked at, and the longest pause for what is missing.
    private static let interval = Duration.seconds(30)
    private static let shortest = Duration.seconds(1)

    private let stretch: SourceStretch
    private let setup: QueueSetup
    private let queue: String
    private let notifications: NotificationExchanges?
    private var drain: DefaultQueueDrain?
    /// Whether the queue is bound to all.
    private var isComplete = false
    private var pause = Self.shortest

    init(_ stretch: SourceStretch, _ setup: QueueSetup, _ found: QueueSetup.Queue, _ notices: SessionNotices) {
        self.stretch = stretch
        self.setup = setup
        queue = found.name
        notifications = stretch.source.notifications.map {
            NotificationExchanges(stretch: stretch, session: setup.session, queue: found.name, state: $0)
        }
        drain = stretch.source.notifications.flatMap {
            guard $0.settings.drainsDefaultQueues else { return nil }
            return DefaultQueueDrain(stretch: stretch, session: setup.session, state: $0, notices: notices)
        }
    }

    /// Binds what is there.
    mutating func begin(_ found: QueueSetup.Queue) async throws {
        guard let notifications else { return try await bind(isQueueNew: found.isNew) }
        let fate = try await notifications.fate(of: found)
        isComplete = try await notifications.look(fate, isFirst: true)
        // What the mark's absence tells is on disk before there is another.
        try await stretch.commits.settle()
        try await notifications.makeMark()
    }

    /// Looks again.
    mutating func look() async throws {
        guard let notifications else { return try await bind(isQueueNew: false) }
        let wasComplete = isComplete
        isComplete = try await notifications.look(.unchanged, isFirst: false)
        pause = wasComplete ? Self.shortest : min(pause * 2, Self.interval)
    }

    /// Binds the queue to all exchanges, to those that it is bound to as well: one that has gone and come back has no bindings.
    private func bind(isQueueNew: Bool) async throws {
        var gap = ExchangeGap()
        // What was found before a session broke is told all the same.
        defer {
            let alerts = gap.alerts(at: stretch.time.now, isDraining: false)
            if !alerts.isEmpty { stretch.commits.add(alerts) }
        }
        for exchange in stretch.source.configuration.exchanges {
            let obstacle = try await setup.bind(queue, to: exchange)
            stretch.monitor.warn("exchange \(exchange)", obstacle?.problem)
            let now = stretch.time.now
            let since = stretch.source.boundExchanges.withLock { exchanges -> Timestamp? in
                if obstacle == nil { return exchanges.isBound(exchange, at: now) }
                if obstacle?.isMissing == true { exchanges.isMissing(exchange) }
                return nil
            }
            // A queue that was made anew has its own alert.
            if let since, !isQueueNew { gap.add(exchange, since: since, wasBound: true) }
        }
    }

    /// How long until the next look: not long where a service may make its exchange at any moment.
    var interval: Duration { notifications == nil || isComplete ? Self.interval : pause }

    /// Looks after the publishers' own queues; once the source's own is bound and read.
    mutating func drainDefaultQueues() async throws { try await drain?.look() }

    /// The broker has answered.
    func isAnswered() { notifications?.state.isAnswered(at: stretch.time.now) }
}
