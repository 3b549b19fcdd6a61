import DequeModule
package import Logging
import Martlet
import Synchronization

/// The one writer: groups what has arrived into one transaction and answers each batch after the commit.
///
/// Promises kept here: a source is answered only after fsync (1); what is waiting is bounded, and a source that hands over
/// more is refused at once rather than held (7, 10). Whoever has somebody waiting for the answer is refused earlier, when the
/// wait would be longer than its patience; and later on, where the disk became slower than was thought, when it has waited for
/// longer and its turn has not come.
///
/// While one group is being committed the next gathers, so groups grow under load and a lone batch waits for nobody: no
/// linger is needed. What the forwarders have achieved goes into the same transaction; without traffic it is saved by itself
/// after ``saveInterval``.
package final class Intake: Sendable {
    /// Bounds on memory and on the length of a transaction.
    package struct Limits: Sendable {
        package var maximumGroupEvents = 2_000
        package var maximumGroupBytes = 4 << 20
        package var maximumWaitingBytes = 64 << 20
        /// The patience of those who have somebody waiting for the answer.
        package var patience = Duration.seconds(1)

        package init() {}
    }

    /// How long progress waits for a commit to join before it is saved by itself.
    private static let saveInterval = Duration.milliseconds(50)
    /// How often, under load, the cursors of forwarders that wanted nothing are saved too.
    private static let idleInterval = Duration.seconds(1)

    private struct State {
        var waiting = Deque<Pending>()
        var waitingBytes = 0
        var waitingEvents = 0
        var pace: CommitPace
        var hasProgress = false
        var savers: [CheckedContinuation<Void, any Error>] = []
        var isStopping = false
        var lastRecordedTime = Timestamp(nanoseconds: 0)
        var lastIdleSave = Timestamp(nanoseconds: 0)
        /// Cursors of forwarders that wanted nothing have moved since they were saved.
        var owesIdleSave = false

        func expectedWait(at now: Timestamp) -> Duration {
            pace.wait(behind: .init(events: waitingEvents, bytes: waitingBytes), at: now)
        }

        mutating func leave(_ pending: Pending) {
            waitingBytes -= pending.byteCount
            waitingEvents -= pending.batch.items.count
        }

        /// Takes those out whose deadline has passed.
        mutating func takeOverdue(at now: Timestamp) -> [Pending] {
            func isOverdue(_ pending: Pending) -> Bool { pending.deadline.map { $0 < now } ?? false }
            // They wait in the order in which they came: hardly ever is one of them late, and never one behind one that is not,
            // but for those that wait as long as it takes.
            guard let oldest = waiting.first(where: { $0.deadline != nil }), isOverdue(oldest) else { return [] }
            let overdue = waiting.filter(isOverdue)
            waiting.removeAll(where: isOverdue)
            for pending in overdue { leave(pending) }
            return Array(overdue)
        }
    }

    /// A batch and its answer; a class, because an array holds no noncopyable value.
    private final class Pending: Sendable {
        let batch: IntakeBatch
        let byteCount: Int
        /// By the steady clock; `nil` where nobody loses patience.
        let deadline: Timestamp?
        private let acknowledgement: Mutex<Acknowledgement?>

        init(_ batch: IntakeBatch, deadline: Timestamp?, _ acknowledgement: consuming Acknowledgement) {
            self.batch = batch
            self.deadline = deadline
            byteCount = batch.byteCount
            self.acknowledgement = Mutex(acknowledgement)
        }

        func answer(_ result: Result<CommitReceipt, any Error>) {
            guard let acknowledgement = acknowledgement.withLock({ $0.take() }) else { return }
            switch result {
            case .success(let receipt): acknowledgement.acknowledge(receipt)
            case .failure(let error): acknowledgement.fail(error)
            }
        }
    }

    private let store: any EventStore
    private let dispatcher: Dispatcher
    /// `nil` where no enricher is ever asked.
    package let enrichment: Enrichment?
    private let time: any TimeSource
    package let limits: Limits
    private let logger: Logger
    private let state: Mutex<State>
    private let doorbell = Doorbell()
    private let savers: Mutex<[any ProgressSource]> = Mutex([])
    package let counters = IntakeCounters()

    package init(
        store: any EventStore,
        dispatcher: Dispatcher,
        enrichment: Enrichment? = nil,
        time: any TimeSource,
        limits: Limits = Limits(),
        logger: Logger
    ) {
        self.store = store
        self.dispatcher = dispatcher
        self.enrichment = enrichment
        self.time = time
        self.limits = limits
        self.logger = logger
        let pace = CommitPace(groupEvents: limits.maximumGroupEvents, groupBytes: limits.maximumGroupBytes)
        state = Mutex(State(pace: pace))
    }

    /// Has the progress of this forwarder saved along with the commits.
    package func add(_ source: any ProgressSource) { savers.withLock { $0.append(source) } }

    /// Saves the progress of this forwarder no more.
    package func remove(_ source: some ProgressSource & AnyObject) {
        savers.withLock { $0.removeAll { $0 as AnyObject === source } }
    }

    /// How long a batch that came now would wait before its turn, as far as can be told.
    package var expectedWait: Duration {
        let now = time.steadyNow
        return state.withLock { $0.expectedWait(at: now) }
    }

    /// Hands a batch over; the acknowledgement is answered after the commit.
    ///
    /// - Parameter patience: the batch is refused where it is expected to wait for longer, or has waited for half as long again
    ///   and is not in the next group either; `nil` to wait as long as it takes.
    package func submit(
        _ batch: IntakeBatch,
        patience: Duration? = nil,
        _ acknowledgement: consuming Acknowledgement
    ) {
        let now = time.steadyNow
        let pending = Pending(batch, deadline: patience.map { now + $0 * 3 / 2 }, acknowledgement)
        let refusal = state.withLock { state -> IntakeError? in
            if state.isStopping { return IntakeError(.stopped, "Martlet is stopping.") }
            // A lone batch is always taken, however large: its source has bounded it.
            if state.waitingBytes > 0, state.waitingBytes + pending.byteCount > limits.maximumWaitingBytes {
                return .overloaded
            }
            if let patience, state.expectedWait(at: now) > patience { return .overloaded }
            state.waiting.append(pending)
            state.waitingBytes += pending.byteCount
            state.waitingEvents += batch.items.count
            return nil
        }
        if let refusal { return pending.answer(.failure(refusal)) }
        doorbell.ring()
    }

    /// Hands a batch over and waits until it is on disk.
    ///
    /// - Throws: ``IntakeError`` or ``StoreError``; nothing has been kept then.
    package func submit(_ batch: IntakeBatch, patience: Duration? = nil) async throws -> CommitReceipt {
        try await withCheckedThrowingContinuation { continuation in
            submit(batch, patience: patience, Acknowledgement { continuation.resume(with: $0) })
        }
    }

    /// Says that a forwarder has something to save, before long.
    package func progressMade() {
        let isNews = state.withLock { state in
            defer { state.hasProgress = true }
            return !state.hasProgress
        }
        if isNews { doorbell.ring() }
    }

    /// Saves what the forwarders have achieved and returns when it is on disk.
    package func save() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let isStopping = state.withLock { state in
                if !state.isStopping { state.savers.append(continuation) }
                return state.isStopping
            }
            if isStopping {
                continuation.resume(throwing: IntakeError(.stopped, "Martlet is stopping."))
            } else {
                doorbell.ring()
            }
        }
    }

    /// Commits until it is told to ``stop()`` or the task is cancelled, then commits what has been taken, and returns.
    package func run() async {
        await withTaskCancellationHandler {
            while let work = await nextWork() { await commit(work) }
        } onCancel: {
            stop()
        }
    }

    /// Takes nothing more; ``run()`` returns after the last commit.
    package func stop() {
        state.withLock { $0.isStopping = true }
        doorbell.ring()
    }

    private struct Work {
        var pending: [Pending] = []
        var savers: [CheckedContinuation<Void, any Error>] = []
        /// Those whose patience is over, and whose turn this is not.
        var overdue: [Pending] = []
    }

    /// What to commit next; `nil` at the end.
    private func nextWork() async -> Work? {
        while true {
            let now = time.steadyNow
            let (work, hasProgress, isStopping) = state.withLock { state in
                let work = gather(&state, now: now)
                return (work, state.hasProgress, state.isStopping)
            }
            if let work {
                for pending in work.overdue { pending.answer(.failure(IntakeError.overloaded)) }
                return work
            }
            if isStopping {
                // One last save of what the forwarders achieved.
                let isSaved = state.withLock { state in
                    defer { state.hasProgress = false }
                    return !state.hasProgress
                }
                return isSaved ? nil : Work()
            }
            guard hasProgress else {
                await doorbell.wait()
                continue
            }
            if await isQuietForSaveInterval() { return Work() }
        }
    }

    /// Waits for the save interval, however often more progress is made; tells whether nothing urgent came meanwhile.
    private func isQuietForSaveInterval() async -> Bool {
        let deadline = time.now + Intake.saveInterval
        while true {
            let rest = deadline - time.now
            guard rest > .zero else { return true }
            await doorbell.wait(atMost: rest, time: time)
            let isUrgent = state.withLock { !$0.waiting.isEmpty || !$0.savers.isEmpty || $0.isStopping }
            if isUrgent { return false }
        }
    }

    private func gather(_ state: inout State, now: Timestamp) -> Work? {
        guard !state.waiting.isEmpty || !state.savers.isEmpty else { return nil }
        var work = Work()
        var events = 0
        var bytes = 0
        let maximumBytes = state.pace.groupBytes
        while let next = state.waiting.first {
            if !work.pending.isEmpty,
                events + next.batch.items.count > limits.maximumGroupEvents
                    || bytes + next.byteCount > maximumBytes
            {
                break
            }
            state.waiting.removeFirst()
            state.leave(next)
            events += next.batch.items.count
            bytes += next.byteCount
            work.pending.append(next)
        }
        work.overdue = state.takeOverdue(at: now)
        work.savers = state.savers
        state.savers = []
        return work
    }

    private func commit(_ work: Work) async {
        let (now, includingIdle) = state.withLock { state in
            state.hasProgress = false
            // The log's recorded times never go back, whatever the clock does.
            state.lastRecordedTime = max(state.lastRecordedTime, time.now)
            let clock = time.now
            let isDue =
                !work.savers.isEmpty || state.isStopping || clock < state.lastIdleSave
                || clock - state.lastIdleSave >= Intake.idleInterval
            if isDue { (state.lastIdleSave, state.owesIdleSave) = (clock, false) }
            return (state.lastRecordedTime, isDue)
        }
        let sources = savers.withLock { $0 }
        var progress: [(source: any ProgressSource, progress: ForwarderProgress)] = []
        for source in sources {
            if let made = source.takeProgress(includingIdle: includingIdle) { progress.append((source, made)) }
        }
        // No ring: the loop that calls this looks by itself.
        if !includingIdle { state.withLock { $0.hasProgress = $0.hasProgress || $0.owesIdleSave } }
        if work.pending.isEmpty, progress.isEmpty {
            for saver in work.savers { saver.resume() }
            return
        }
        do {
            let group = CommitGroup(
                batches: work.pending.map(\.batch),
                progress: progress.map(\.progress),
                recordedTime: now
            )
            let result = try await commit(group, work)
            counters.addCommit()
            for (pending, receipt) in zip(work.pending, result.receipts) {
                counters.add(receipt, source: pending.batch.source)
                pending.answer(.success(receipt))
            }
            if !result.events.isEmpty {
                // Before the forwarders, so that one that waits for an answer finds the question asked.
                enrichment?.consider(result.events)
                dispatcher.publish(result.events, head: result.head)
                // The forwarders that wanted none of it have moved on too, and say so soon.
                state.withLock { ($0.owesIdleSave, $0.hasProgress) = (true, true) }
            }
            for saver in work.savers { saver.resume() }
        } catch {
            for (source, made) in progress { source.restore(made) }
            if work.pending.count > 1, !error.isTheDisks {
                // A batch that is to blame costs only itself alone. Where it is the file that is damaged, all of them fail.
                for (number, pending) in work.pending.enumerated() {
                    await commit(
                        Work(pending: [pending], savers: number == work.pending.count - 1 ? work.savers : [])
                    )
                }
                return
            }
            for pending in work.pending { pending.answer(.failure(error)) }
            for saver in work.savers { saver.resume(throwing: error) }
            logger.error("The commit failed; nothing of it was acknowledged.", metadata: ["error": "\(error)"])
            counters.addFailure()
            // Progress alone would be tried again at once, for as long as the disk is full.
            if work.pending.isEmpty { try? await time.sleep(for: .seconds(1)) }
            if !progress.isEmpty, !state.withLock({ $0.isStopping }) { progressMade() }
        }
    }
}

// MARK: - Measuring

extension Intake {
    /// Commits, and learns from it how long the next ones will take.
    private func commit(_ group: CommitGroup, _ work: Work) async throws -> CommitResult {
        var amount = CommitPace.Amount()
        for pending in work.pending {
            amount.events += pending.batch.items.count
            amount.bytes += pending.byteCount
        }
        let begin = time.steadyNow
        state.withLock { $0.pace.begin(amount, at: begin) }
        defer {
            let end = time.steadyNow
            state.withLock { $0.pace.end(at: end) }
        }
        return try await store.commit(group)
    }
}

/// Who has progress to save: a forwarder.
package protocol ProgressSource: Sendable {
    /// What has been achieved since the last call; `nil` where nothing.
    ///
    /// - Parameter includingIdle: whether a cursor that merely followed the log counts as progress.
    func takeProgress(includingIdle: Bool) -> ForwarderProgress?
    /// Takes back what could not be saved.
    func restore(_ progress: ForwarderProgress)
}

extension Error {
    /// Whether every batch meets the same: no space, or a disk that fails.
    fileprivate var isTheDisks: Bool {
        guard let error = self as? StoreError else { return false }
        return error.code == .full || error.code == .inputOutput
    }
}
