import Martlet
import MartletPipeline

/// Decides when a trial ends, when it has failed, and when to say what might be wrong. Pure: what it knows it is told.
struct TrialWatch: Sendable {
    struct Limits: Sendable, Hashable {
        var duration: Duration?
        var events: Int?
        /// Of the temporary store, so that a topic of years does not fill the disk.
        var bytes = Int64(1) << 30
    }

    /// What there is to decide by.
    struct Look: Sendable {
        var now: Timestamp
        var events = 0
        var unreadable = 0
        var storeBytes: Int64 = 0
        var source: SourceMonitor.Snapshot
        var isStopRequested = false
    }

    enum Ending: Sendable, Hashable {
        case stopped, duration, events, space
    }

    enum Decision: Sendable, Hashable {
        case goOn
        /// Nothing has come yet: say what to check, once.
        case advise
        case end(Ending)
        /// There is no way in.
        case fail(SourceMonitor.Problem)
    }

    /// How long nothing may come before a word is said.
    static let silence = Duration.seconds(10)
    /// How long a source that never ran may fail: it tries its other hosts meanwhile.
    static let grace = Duration.seconds(3)
    /// How long a broker may take to answer at all.
    static let patience = Duration.seconds(30)

    let place: String
    let start: Timestamp
    let limits: Limits
    private var failingSince: Timestamp?
    private var hasRun = false
    private var hasAdvised = false

    init(place: String, start: Timestamp, limits: Limits) {
        self.place = place
        self.start = start
        self.limits = limits
    }

    mutating func decide(_ look: Look) -> Decision {
        let elapsed = look.now - start
        if look.source.state == .running { hasRun = true }
        if look.isStopRequested { return end(.stopped, look) }
        if let events = limits.events, look.events >= events { return end(.events, look) }
        if let duration = limits.duration, elapsed >= duration { return end(.duration, look) }
        if look.storeBytes >= limits.bytes { return end(.space, look) }
        if !hasRun, let problem = failure(look, after: elapsed) { return .fail(problem) }
        if !hasAdvised, look.events == 0, look.unreadable == 0, elapsed >= Self.silence {
            hasAdvised = true
            return .advise
        }
        return .goOn
    }

    private mutating func failure(_ look: Look, after elapsed: Duration) -> SourceMonitor.Problem? {
        switch look.source.state {
        case .running: return nil
        case .starting:
            failingSince = nil
            return elapsed >= Self.patience ? noAnswer : nil
        case .failing:
            let since = failingSince ?? look.now
            failingSince = since
            return look.now - since >= Self.grace ? look.source.problem ?? noAnswer : nil
        }
    }

    /// A trial that never got in has failed, unless the user did not want to wait for it.
    private func end(_ ending: Ending, _ look: Look) -> Decision {
        guard look.source.state != .running, look.events == 0 else { return .end(ending) }
        if look.source.state == .failing, let problem = look.source.problem { return .fail(problem) }
        return ending == .stopped || hasRun ? .end(ending) : .fail(noAnswer)
    }

    private var noAnswer: SourceMonitor.Problem {
        SourceMonitor.Problem(
            "the broker does not answer",
            at: place,
            remedy: "check host and port, and that nothing in between drops the connection"
        )
    }
}
