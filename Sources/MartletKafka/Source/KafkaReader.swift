import Logging
import Martlet
import MartletPipeline

/// Drives one consumer: what it reports goes to the intake, and its rebalances are answered with what the store knows.
///
/// Promise 4: the next offset of each partition is part of the commit of its records. One batch is on its way to the disk while
/// the next is being read: never two, since one that is refused must not be overtaken by a later one's checkpoint. Before
/// a rebalance is answered, what is on its way has been committed, so that what the store says is the last word.
final class KafkaReader {
    /// The batches on their way to the disk: at most one.
    typealias Lane = ThrowingTaskGroup<Void, any Error>

    /// Why a partition stands still until the consumer has been sent elsewhere.
    enum Halt {
        /// It has to be asked what it holds.
        case needsBounds
        /// The consumer has to be told.
        case needsMove
    }

    let consumer: KafkaConsumer
    let plan: ReadingPlan
    let store: any EventStore
    let committer: BatchCommitter
    let committed = CommittedOffsets()
    let health: SourceHealth
    let logger: Logger
    var watch: ConnectionWatch
    var cursors: [KafkaPartition: PartitionCursor] = [:]
    var halts: [KafkaPartition: Halt] = [:]
    /// Partitions that go on elsewhere as soon as the notices are through that came before the consumer was told.
    var moved: Set<KafkaPartition> = []
    /// Partitions that the group has given, and for which the broker has not said where to begin.
    var unanswered: [KafkaPartition]?
    private var isBusy = false

    var port: SourcePort { committer.port }

    /// Of which there are partitions to read.
    var topics: Set<String> { Set(cursors.keys.map(\.topic)) }

    init(consumer: KafkaConsumer, plan: ReadingPlan, store: any EventStore, committer: BatchCommitter) {
        self.consumer = consumer
        self.plan = plan
        self.store = store
        self.committer = committer
        health = committer.health
        logger = committer.logger
        watch = ConnectionWatch(
            port: committer.port,
            health: committer.health,
            place: consumer.place,
            topics: plan.topics
        )
    }

    /// Reads until the task is cancelled.
    ///
    /// - Throws: ``KafkaError`` where another consumer is needed; `CancellationError`.
    func run() async throws {
        if !plan.isPreview { try await consumer.subscribe(to: plan.topics) }
        try await withThrowingTaskGroup(of: Void.self) { lane in
            if plan.isPreview { try await discover(&lane) }
            while !Task.isCancelled {
                for notice in try await consumer.next() {
                    // Where no broker answers, each may take seconds.
                    guard !Task.isCancelled else { break }
                    try await take(notice, &lane)
                }
                for partition in moved { cursors[partition]?.goOn() }
                moved = []
            }
        }
    }

    /// Tells the group what has been committed last; for when nothing more is read.
    func conclude() async { await mirror(committed.take()) }

    private func take(_ notice: KafkaNotice, _ lane: inout Lane) async throws {
        switch notice {
        case .records(let records): try await take(records, &lane)
        case .assigned(let partitions): try await answer(assigned: partitions, &lane)
        case .revoked(let partitions, let areLost): try await answer(revoked: partitions, areLost: areLost, &lane)
        case .endOfPartition(let partition):
            watch.hasRead(partition.topic)
            if cursors[partition]?.awaitsProof == true { try await halt(partition, &lane) }
        case .outOfRange(let partition): try await halt(partition, &lane)
        case .error(let error):
            logger.debug("Kafka reports an error.", metadata: ["source": "\(port.name)", "error": "\(error)"])
            if error.code == .fatal { throw error }
            watch.take(error, reading: topics)
        case .committed(let failure):
            if failure != nil { committed.takeBack() }
            watch.takeCommit(failure)
        case .statistics(let statistics):
            watch.take(statistics, cursors: cursors, hasOffer: unanswered != nil)
            try await tick(&lane)
        }
    }

    /// What waits for the broker is tried again, once a second.
    private func tick(_ lane: inout Lane) async throws {
        if let partitions = unanswered {
            try await answer(assigned: partitions, &lane)
        } else if plan.isPreview, cursors.isEmpty {
            try await discover(&lane)
        }
        for partition in halts.keys.sorted() where !Task.isCancelled { try await leave(partition, &lane) }
        await mirror(committed.take())
    }

    /// Tells the group how far the store has come. It is told for those who look at its lag, so that a failure is no reason to stop.
    func mirror(_ offsets: [KafkaPartition: Int64]) async {
        guard !plan.isPreview, !offsets.isEmpty else { return }
        do throws(KafkaError) {
            try await consumer.commit(offsets)
        } catch {
            committed.takeBack()
            watch.takeCommit(error)
        }
    }

    // MARK: Records

    private func take(_ records: [KafkaRecord], _ lane: inout Lane) async throws {
        var batch = RecordBatch()
        var touched: Set<KafkaPartition> = []
        var strange: [KafkaPartition] = []
        var rest = records[...]
        while let partition = rest.first?.partition {
            let run = rest.prefix { $0.partition == partition }
            rest = rest[run.endIndex...]
            guard var cursor = cursors[partition] else { continue }
            watch.hasRead(partition.topic)
            var last: KafkaRecord?
            for record in run {
                switch cursor.judge(record) {
                case .take:
                    batch.add(record)
                    last = record
                case .pass: break
                case .stranger: strange.append(partition)
                }
            }
            if let last {
                cursor.hasTaken(last)
                touched.insert(partition)
            }
            cursors[partition] = cursor
        }
        watch.hasReceived()
        if !touched.isEmpty {
            let made = port.makeBatch(
                batch.messages,
                checkpoints: touched.sorted().compactMap(checkpoint),
                ignoringTwins: true
            )
            var complete = made.batch
            complete.items += batch.unreadable.map { .unreadable($0) }
            try await hand(complete, ignored: made.ignored + batch.emptyCount, of: touched, &lane)
        }
        for partition in strange { try await halt(partition, &lane) }
    }

    func checkpoint(of partition: KafkaPartition) -> Checkpoint? {
        cursors[partition]?.place.map { Checkpoint(key: partition.description, value: $0.description) }
    }

    /// Sends a batch on its way, once the one before has been committed.
    func hand(_ batch: IntakeBatch, ignored: Int = 0, of partitions: Set<KafkaPartition>, _ lane: inout Lane)
        async throws
    {
        try await settle(&lane)
        var next: [KafkaPartition: Int64] = [:]
        for partition in partitions { next[partition] = cursors[partition]?.next }
        isBusy = true
        lane.addTask { [committer, committed, next] in
            try await committer.commit(batch, ignored: ignored)
            committed.add(next)
        }
    }

    /// Returns when nothing is on its way to the disk.
    func settle(_ lane: inout Lane) async throws {
        guard isBusy else { return }
        try await lane.next()
        isBusy = false
    }
}
