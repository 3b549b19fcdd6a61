import Logging
import Martlet
import MartletPipeline
import Synchronization

/// Alerts and checkpoints on their way to the disk beside the messages, one batch behind the other, each handed over again until
/// the store takes it.
///
/// A session's watch does not wait for them: meanwhile it has to see whether the source stalls (promise 10), and whether the
/// session goes on. They outlive sessions.
final class SideCommits: Sendable {
    private struct Entry: Sendable {
        let batch: IntakeBatch
        let alerts: [SourceAlert]
    }

    private struct State: Sendable {
        var waiting: [Entry] = []
        /// The intake has the first one.
        var isUnderWay = false
        /// When the first one is handed over again.
        var due: Timestamp?
        var backoff = Backoff(longest: .seconds(10))
    }

    private let port: SourcePort
    private let time: any TimeSource
    private let logger: Logger
    /// Rung with each answer.
    private let bell: Doorbell
    private let state = Mutex(State())

    init(port: SourcePort, time: any TimeSource, logger: Logger, bell: Doorbell) {
        self.port = port
        self.time = time
        self.logger = logger
        self.bell = bell
    }

    /// Commits alerts and checkpoints together, behind all that was added before.
    func add(_ alerts: [SourceAlert] = [], checkpoints: [Checkpoint] = []) {
        let batch = IntakeBatch(
            source: port.name,
            items: alerts.map { port.item(for: $0) },
            checkpoints: checkpoints
        )
        state.withLock { $0.waiting.append(Entry(batch: batch, alerts: alerts)) }
        advance()
    }

    /// Hands the first one over, where it is its turn.
    ///
    /// - Returns: when to look again; `nil` where the bell is rung for it.
    @discardableResult
    func advance() -> Timestamp? {
        let now = time.steadyNow
        let (batch, due) = state.withLock { state -> (IntakeBatch?, Timestamp?) in
            guard !state.isUnderWay, let first = state.waiting.first else { return (nil, nil) }
            if let due = state.due, now < due { return (nil, due) }
            (state.isUnderWay, state.due) = (true, nil)
            return (first.batch, nil)
        }
        if let batch { port.intake.submit(batch, Acknowledgement { self.answered($0) }) }
        return due
    }

    /// Returns when all are on disk.
    func settle() async throws {
        while state.withLock({ !$0.waiting.isEmpty }) { try await wait(until: nil) }
    }

    /// Looks after them for so long.
    func pause(for duration: Duration) async throws {
        let end = time.steadyNow + duration
        while time.steadyNow < end { try await wait(until: end) }
    }

    /// Hands the first one over though it is not due: nobody looks after them any more.
    func tryForTheLastTime() {
        state.withLock { $0.due = nil }
        advance()
    }

    private func wait(until end: Timestamp?) async throws {
        let next = [advance(), end].compactMap { $0 }.min()
        await bell.wait(atMost: next.map { max(.milliseconds(1), $0 - time.steadyNow) }, time: time)
        try Task.checkCancellation()
    }

    private func answered(_ result: Result<CommitReceipt, any Error>) {
        defer { bell.ring() }
        switch result {
        case .success:
            let alerts = state.withLock { state in
                state.isUnderWay = false
                state.backoff.reset()
                return state.waiting.removeFirst().alerts
            }
            for alert in alerts { hasRaised(alert) }
            advance()
        case .failure(let error):
            let now = time.steadyNow
            state.withLock { state in
                state.isUnderWay = false
                state.due = now + state.backoff.next()
            }
            logger.warning(
                "A source waits for the store.",
                metadata: ["source": "\(port.name)", "purpose": "commit an alert", "error": "\(error)"]
            )
        }
    }

    private func hasRaised(_ alert: SourceAlert) {
        guard alert.kind == .gap else { return }
        port.monitor.addGap()
        logger.warning(
            "A source may have missed events.",
            metadata: ["source": "\(port.name)", "gap": "\(alert.text)"]
        )
    }
}
