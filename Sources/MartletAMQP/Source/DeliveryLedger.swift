import Martlet
import MartletPipeline

/// What has been delivered, what is being committed, and what may be acknowledged; pure.
///
/// One batch is with the intake at a time, and what comes meanwhile makes the next: a batch that fails is handed over
/// again before any later one, so that the log has the queue's order, and while a commit runs the next batch is read.
///
/// Promise 1 is kept here: a delivery is acknowledged only after its batch's commit.
struct DeliveryLedger: Sendable {
    /// What to hand to the intake.
    struct Submission: Sendable {
        var items: [IntakeItem]
        var checkpoints: [Checkpoint]
    }

    /// What to do after a commit.
    struct Conclusion: Sendable, Hashable {
        /// Acknowledge everything up to this delivery; `nil` where the session is another, or nothing was delivered.
        var acknowledge: UInt64?
        var ignored = 0
        var duplicates = 0
    }

    private struct Flight {
        var batch: DeliveryBatch
        /// What the checkpoint says when it is committed, its own positions left out.
        var checkpoint: String?
        var since: Timestamp
        var hasFailed = false
        /// Its deliveries belong to a session that is over.
        var isOrphan = false
    }

    /// So much is committed at once at the most. The more there are, the more often a resource is among them, whose document is
    /// written once for all, and the fewer pages a commit writes for each.
    static let maximumEvents = 2_000
    static let maximumBytes = 4 << 20
    static let checkpointKey = "unsettled"

    var copies = UnsettledCopies()
    private var waiting: [DeliveryBatch] = []
    private var flight: Flight?
    /// The checkpoint as the store has it.
    private var stored: PositionRanges
    private(set) var acknowledged: UInt64 = 0
    private(set) var commits = 0
    /// Nothing is handed to the intake.
    private(set) var isHeld = true

    /// - Parameter stored: the checkpoint as the store has it.
    init(stored: PositionRanges) { self.stored = stored }

    /// Since when a batch waits for its commit, failed attempts included.
    var waitingSince: Timestamp? { flight?.since }
    var hasFlight: Bool { flight != nil }
    var hasFailed: Bool { flight?.hasFailed ?? false }
    /// Whether the intake has a batch and has not answered yet.
    var isAwaitingAnswer: Bool { flight.map { !$0.hasFailed } ?? false }
    /// The bytes that have come and are not with the intake.
    var waitingBytes: Int { waiting.reduce(0) { $0 + $1.byteCount } }
    /// Whether everything that has come is committed.
    var isIdle: Bool { flight == nil && waiting.isEmpty }
    /// Whether the store's checkpoint names copies that are settled.
    var owesCheckpoint: Bool { stored != copies.positions }

    mutating func beginSession() {
        copies.beginSession()
        acknowledged = 0
        isHeld = false
    }

    /// Nothing more is handed over; what is with the intake may still be acknowledged.
    mutating func hold() { isHeld = true }

    /// The session is over, or gives everything back: what is not with the intake comes again.
    mutating func endSession() {
        waiting = []
        isHeld = true
        if flight?.hasFailed == true { flight = nil }
        flight?.isOrphan = true
    }

    mutating func add(_ batch: DeliveryBatch) {
        guard !isHeld, !batch.isEmpty else { return }
        waiting.append(batch)
    }

    /// The next batch to hand over; `nil` where one is under way or nothing has come.
    mutating func next(at now: Timestamp) -> Submission? {
        guard flight == nil, !isHeld, !waiting.isEmpty else { return nil }
        var batch = DeliveryBatch()
        var taken = 0
        for part in waiting {
            if taken > 0,
                batch.count + part.count > Self.maximumEvents || batch.byteCount + part.byteCount > Self.maximumBytes
            {
                break
            }
            batch.append(part)
            taken += 1
        }
        waiting.removeFirst(taken)
        return fly(batch, at: now)
    }

    /// A batch of nothing but the checkpoint: to bring it up to date, and to see whether the store takes anything.
    mutating func checkpointAlone(at now: Timestamp) -> Submission? {
        guard flight == nil else { return nil }
        return fly(DeliveryBatch(), at: now)
    }

    private mutating func fly(_ batch: DeliveryBatch, at now: Timestamp) -> Submission {
        let positions = copies.positions
        let needsCheckpoint = !batch.hashes.isEmpty || batch.isEmpty || positions != stored
        let flight = Flight(batch: batch, checkpoint: needsCheckpoint ? positions.text : nil, since: now)
        self.flight = flight
        return submission(of: flight)
    }

    private func submission(of flight: Flight) -> Submission {
        let checkpoint = flight.checkpoint.map {
            Checkpoint(key: Self.checkpointKey, value: $0, includesPositions: !flight.batch.hashes.isEmpty)
        }
        return Submission(items: flight.batch.items, checkpoints: checkpoint.map { [$0] } ?? [])
    }

    /// The intake did not take the batch.
    mutating func failed() {
        flight?.hasFailed = true
        // Its deliveries come again.
        if flight?.isOrphan == true { flight = nil }
    }

    /// The batch that failed, to be handed over again.
    mutating func again() -> Submission? {
        guard var flight, flight.hasFailed else { return nil }
        flight.hasFailed = false
        self.flight = flight
        return submission(of: flight)
    }

    /// The batch is on disk.
    mutating func committed(_ receipt: CommitReceipt) -> Conclusion {
        guard let flight else { return Conclusion() }
        self.flight = nil
        commits += 1
        let batch = flight.batch
        let range = receipt.positions
        if let checkpoint = flight.checkpoint {
            stored = PositionRanges(checkpoint)
            if let range, !batch.hashes.isEmpty { stored.add(range) }
        }
        if !batch.hashes.isEmpty, let range { copies.add(range: range, hashes: batch.hashes, tag: batch.tag) }
        var conclusion = Conclusion(ignored: batch.ignored, duplicates: batch.duplicates)
        if !flight.isOrphan, batch.tag > 0 {
            acknowledged = batch.tag
            conclusion.acknowledge = batch.tag
        }
        return conclusion
    }
}

extension CommitReceipt {
    /// The positions that the batch's events were given; they follow each other.
    fileprivate var positions: ClosedRange<Int64>? {
        guard accepted > 0, let last = lastPosition?.rawValue else { return nil }
        return last - Int64(accepted) + 1...last
    }
}
