package import Logging
package import Martlet
import Synchronization

/// How a source fares: its state, what it waits for, and how much there is still to read. The source writes it, `status`
/// and the metrics read it; each change goes to the log, once.
package final class SourceMonitor: Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Not connected yet.
        case starting
        /// Takes in whatever comes.
        case running
        /// Cannot take in, and tries again by itself; ``Snapshot/problem`` says what keeps it.
        case failing
    }

    /// What keeps a source from taking in, in words for the operator.
    package struct Problem: Sendable, Hashable {
        /// What went wrong: `the broker refuses the user “martlet”`.
        package var what: String
        /// Where: `amqp://mq1:5672/`, without credentials.
        package var place: String
        /// What would mend it: `check username and password`.
        package var remedy: String

        package init(_ what: String, at place: String, remedy: String) {
            self.what = what
            self.place = place
            self.remedy = remedy
        }
    }

    package struct Snapshot: Sendable, Hashable {
        package var state = State.starting
        /// Since when it has been in this state.
        package var since: Timestamp
        /// What keeps it; stays the last one while it recovers, `nil` while it runs.
        package var problem: Problem?
        /// What runs, but not as it should: an exchange that is missing, by a word of the source's own.
        package var warnings: [String: Problem] = [:]
        /// Where it reads: `amqp://mq1:5672/`, without credentials.
        package var place: String?
        /// How many messages wait at the origin, as last seen: a queue's depth, a consumer's lag.
        package var backlog: Int64?
        /// The same for each part of the origin: a topic's partition.
        package var backlogs: [String: Int64] = [:]
        /// When the last message came.
        package var lastReceived: Timestamp?
        /// How often it has connected anew.
        package var reconnections: Int64 = 0
        /// How many gap alerts it has raised.
        package var gaps: Int64 = 0
    }

    let time: any TimeSource
    private let logger: Logger?
    private let state: Mutex<Snapshot>

    /// - Parameter logger: carries the source's name; nothing is logged without one.
    package init(time: any TimeSource, logger: Logger? = nil) {
        self.time = time
        self.logger = logger
        state = Mutex(Snapshot(since: time.now))
    }

    package var snapshot: Snapshot { state.withLock { $0 } }

    /// The source takes in from here.
    package func isRunning(at place: String) {
        let now = time.now
        let before = state.withLock { state in
            let before = state
            if state.state == .failing { state.reconnections += 1 }
            if state.state != .running { state.since = now }
            state.state = .running
            state.place = place
            state.problem = nil
            return before
        }
        switch before.state {
        case .starting: logger?.info("A source takes in.", metadata: ["place": "\(place)"])
        case .failing:
            logger?.notice(
                "A source takes in again.",
                metadata: ["place": "\(place)", "after": "\(Int((now - before.since) / .seconds(1))) s"]
            )
        case .running: break
        }
    }

    /// The source cannot take in; the state's beginning stays that of the first problem.
    package func isFailing(_ problem: Problem) {
        let now = time.now
        let isNews = state.withLock { state in
            if state.state != .failing { state.since = now }
            state.state = .failing
            defer { state.problem = problem }
            return state.problem != problem
        }
        if isNews { logger?.warning("A source cannot take in; it tries again by itself.", metadata: problem.metadata) }
    }

    /// Something is not as it should be, though the source runs; `nil` when it is mended.
    package func warn(_ key: String, _ problem: Problem?) {
        let before = state.withLock { state in
            defer { state.warnings[key] = problem }
            return state.warnings[key]
        }
        guard before != problem else { return }
        if let problem {
            logger?.warning("Something is not as it should be for a source, which runs on.", metadata: problem.metadata)
        } else if let before {
            logger?.notice("A source's trouble is over.", metadata: before.metadata)
        }
    }

    /// What was said of an earlier attempt is void.
    package func clearWarnings(where isVoid: (_ key: String) -> Bool) {
        state.withLock { state in state.warnings = state.warnings.filter { !isVoid($0.key) } }
    }

    /// How many messages wait at the origin; in all, and for each of its parts where it has several.
    package func hasBacklog(_ count: Int64, parts: [String: Int64] = [:]) {
        state.withLock { ($0.backlog, $0.backlogs) = (count, parts) }
    }

    /// Messages have come.
    package func received() {
        let now = time.now
        state.withLock { $0.lastReceived = now }
    }

    /// A gap alert has been committed.
    package func addGap() { state.withLock { $0.gaps += 1 } }
}

extension SourceMonitor.Problem {
    fileprivate var metadata: Logger.Metadata {
        ["what": "\(what)", "place": "\(place)", "remedy": "\(remedy)"]
    }
}
