import GRDB
import Martlet
import MartletClouds
import MartletPipeline

/// The one writer of the log and the index: what it remembers between two commits, and how a group becomes one transaction.
///
/// Promises kept here:
/// 1. `commit` returns after SQLite's commit, which with `synchronous = FULL` is after fsync;
/// 2. events, resources, progress and checkpoints are written within one transaction;
/// 3. positions are given within it, one after the other: a rollback gives them back, and no reader saw them;
/// 4. identities are looked for and remembered within it.
///
/// What is remembered between commits changes only once SQLite has committed, or is taken back when it has not.
final class CommitWriter: @unchecked Sendable {
    // Sendable without a lock, because every method takes the `Database` of the pool's writing connection, which exists on
    // that connection's serial queue alone. So no two of them ever run at the same time.

    private let instance: StoreInstance
    private let indexer: ResourceIndexer
    private var fragments: FragmentTable
    private var resources: ResourceTable
    private var identities: IdentityTables
    private let forwarders: ForwarderTable
    private let quarantine: QuarantineTable
    private let insertion: RawStatement
    private let checkpointing: RawStatement
    private var encoder = EventEncoder()
    /// What the text index is told.
    let textBacklog: TextBacklog
    private var head: Int64
    /// Milliseconds; recorded times never fall along the log.
    private var lastRecorded: Int64

    init(_ database: Database, instance: StoreInstance, naming: ResourceNaming, options: StoreOptions) throws {
        self.instance = instance
        indexer = ResourceIndexer(clockSkew: options.clockSkew)
        fragments = try FragmentTable(database, capacity: options.fragmentCapacity)
        resources = try ResourceTable(
            database,
            naming: naming,
            cachedRecords: options.cachedResources,
            logger: options.logger
        )
        identities = try IdentityTables(database, key: instance.hashKey, now: options.time.now)
        forwarders = try ForwarderTable(database)
        quarantine = try QuarantineTable(database)
        insertion = try RawStatement(
            keeping: """
                INSERT INTO events(position, recorded, kind, resource, prev, crc, attributes, body)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?)
                """,
            on: database
        )
        checkpointing = try RawStatement(
            keeping: "INSERT OR REPLACE INTO checkpoints(source, key, value, checksum) VALUES(?, ?, ?, ?)",
            on: database
        )
        let last = try RawStatement(
            database,
            "SELECT position, recorded FROM events ORDER BY position DESC LIMIT 1"
        ).first { (position: $0.integer(0), recorded: $0.integer(1)) }
        head = max(last?.position ?? 0, options.minimumHead)
        lastRecorded = last?.recorded ?? .min
        textBacklog = TextBacklog(head: head)
    }

    /// What a transaction under way has come to.
    private struct Progress {
        var head: Int64
        let recorded: Int64
        var events: [StoredEvent] = []
        var receipts: [CommitReceipt] = []

        var recordedTime: Timestamp { Timestamp(milliseconds: recorded) }
    }

    /// Commits a group in one transaction.
    func commit(_ group: CommitGroup, on database: Database) throws -> CommitResult {
        var progress = Progress(head: head, recorded: max(lastRecorded, group.recordedTime.milliseconds))
        do {
            try database.inTransaction(.immediate) {
                for batch in group.batches { try add(batch, to: &progress) }
                try resources.flush()
                for made in group.progress { try forwarders.apply(made, on: database) }
                return .commit
            }
        } catch {
            let error = StoreError.wrapping(error, on: database.sqliteConnection)
            fragments.rollBack()
            resources.rollBack()
            throw error
        }
        head = progress.head
        if !progress.events.isEmpty { lastRecorded = progress.recorded }
        fragments.commit()
        textBacklog.add(resources.commit(), through: head)
        return CommitResult(
            receipts: progress.receipts,
            events: progress.events,
            head: Position(rawValue: progress.head)
        )
    }

    /// Forgets a record that leaves the index, so that it does not come back from memory.
    func forget(_ key: Int64) { resources.forget(key) }

    /// Begins a new table of identities when it is time.
    func rotateIdentities(now: Timestamp, on database: Database) throws {
        try identities.rotate(database, now: now)
    }

    /// Removes some of the identities that are past the horizon.
    ///
    /// - Returns: whether there are more.
    func removeExpiredIdentities(on database: Database) throws -> Bool { try identities.removeExpired(database) }

    private func add(_ batch: IntakeBatch, to progress: inout Progress) throws {
        var receipt = CommitReceipt()
        let before = progress.head
        for item in batch.items {
            switch item {
            case .event(let event, let facts):
                try add(event, facts, to: &progress, &receipt)
            case .unreadable(let draft):
                try quarantine.insert(draft, source: batch.source, at: progress.recorded)
                receipt.quarantined += 1
            }
        }
        for knowledge in batch.knowledge {
            let recordedTime = progress.recordedTime
            let subject = knowledge.subject
            try resources.update(subject.resource, cloud: subject.cloud, publisher: "") { record in
                indexer.apply(knowledge, at: recordedTime, to: &record)
            }
        }
        if let sync = batch.sync { try add(sync, to: &progress, &receipt) }
        let positions = progress.head > before ? before + 1...progress.head : nil
        for checkpoint in batch.checkpoints {
            checkpointing.bind(1, batch.source)
            checkpointing.bind(2, checkpoint.key)
            let value = checkpoint.value(for: positions)
            checkpointing.bind(3, value)
            var checksum = RowChecksum(.checkpoints)
            for text in [batch.source, checkpoint.key, value] { checksum.add(text) }
            checkpointing.bind(4, checksum.value)
            try checkpointing.run()
        }
        for id in batch.resolvedQuarantine { try quarantine.remove(id) }
        progress.receipts.append(receipt)
    }

    private func add(
        _ event: Event,
        _ facts: ResourceFacts?,
        to progress: inout Progress,
        _ receipt: inout CommitReceipt
    ) throws {
        let position = progress.head + 1
        if !event.id.isEmpty, let known = try identities.remember(event, at: position) {
            receipt.duplicates += 1
            receipt.lastPosition = max(receipt.lastPosition ?? .zero, Position(rawValue: known))
            return
        }
        let recordedTime = progress.recordedTime
        var stored = StoredEvent(
            event: event.with { fields in
                fields.position = Position(rawValue: position)
                fields.recordedTime = recordedTime
                if fields.id.isEmpty { fields.id = instance.eventID(at: position) }
            },
            resourceKey: nil,
            changes: nil
        )
        var previous: Int64 = 0
        if let resource = event.resource {
            let effect = try resources.update(resource, cloud: event.cloud, publisher: event.source) { record in
                previous = record.latest.rawValue
                stored.resourceKey = record.key
                return indexer.apply(stored.event, facts: facts, at: recordedTime, to: &record)
            }
            stored.changes = effect.changes
            receipt.stale += effect.isStale ? 1 : 0
            // The format has looked at the event alone, the index at what it knew.
            let isImpossible = effect.isImpossibleTransition || event.fields.isImpossibleTransition
            receipt.impossibleTransitions += isImpossible ? 1 : 0
            if effect.isStale || effect.isImpossibleTransition {
                stored.event = stored.event.with { fields in
                    if effect.isStale { fields.isStale = true }
                    if effect.isImpossibleTransition { fields.isImpossibleTransition = true }
                }
            }
        }
        try write(stored, id: event.id, previous: previous, recorded: progress.recorded)
        progress.head = position
        progress.events.append(stored)
        receipt.accepted += 1
        receipt.lastPosition = Position(rawValue: position)
    }

    /// Compares what a cloud's API has said with the index as it is now, and makes events of what differs.
    private func add(_ sync: SyncBatch, to progress: inout Progress, _ receipt: inout CommitReceipt) throws {
        var made = 0
        for observation in sync.observations {
            let subject = observation.subject
            let known = try resources.record(of: subject.resource, cloud: subject.cloud)
            let comparison = SyncComparison(observation, with: known)
            var outcome = SyncOutcome(found: comparison.found, key: known?.key)
            outcome.differences = comparison.differences
            if comparison.found.isDifference, !sync.silent.contains(comparison.found) {
                if made < sync.maximumEvents {
                    made += 1
                    let event = SyncEvent(observation, comparison, record: known, origin: sync.origin).event
                    try add(event, comparison.facts, to: &progress, &receipt)
                    outcome.key = progress.events.last?.resourceKey
                } else {
                    outcome.isPostponed = true
                }
            } else if indexer.isNews(comparison, for: known) {
                let recordedTime = progress.recordedTime
                outcome.key = try resources.update(subject.resource, cloud: subject.cloud, publisher: "") { record in
                    indexer.shapeInSilence(&record, by: comparison, at: recordedTime)
                    return record.key
                }
            }
            receipt.sync.append(outcome)
        }
    }

    private func write(_ stored: StoredEvent, id: String, previous: Int64, recorded: Int64) throws {
        let event = stored.event
        encoder.encodeKind(of: event.fields)
        let kind = try fragments.number(of: encoder.kind.bytes)
        let publisher = try fragments.number(of: encoder.publisher.bytes)
        let attributes = encoder.encodeAttributes(
            of: event.fields,
            id: id,
            changes: stored.changes,
            isKindShared: kind != nil,
            publisher: publisher
        )
        let row = EventRow(
            position: stored.position.rawValue,
            recorded: recorded,
            kind: kind ?? 0,
            resource: stored.resourceKey?.rawValue ?? 0,
            previous: previous
        )
        try attributes.withUnsafeBytes { attributes in
            try event.payload.original.withUnsafeBytes { body in
                insertion.bind(1, row.position)
                insertion.bind(2, row.recorded)
                insertion.bind(3, row.kind)
                insertion.bind(4, row.resource)
                insertion.bind(5, row.previous)
                insertion.bind(6, row.checksum(attributes: attributes, body: body))
                insertion.bindInPlace(7, attributes)
                insertion.bindInPlace(8, body)
                try insertion.run()
            }
        }
    }
}
