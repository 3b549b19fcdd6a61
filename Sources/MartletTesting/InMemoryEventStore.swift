import Martlet
import MartletClouds
package import MartletPipeline
import Synchronization

/// An ``EventStore`` that keeps everything in arrays and dictionaries: for tests, and as the model of the real one.
///
/// It can be told to fail, so that what stands before the store can be seen dealing with it.
package final class InMemoryEventStore: EventStore {
    struct State {
        var events: [StoredEvent] = []
        var head = Position.zero
        var identities: [Identity: Position] = [:]
        var resources: [ResourceKey: ResourceRecord] = [:]
        var resourceKeys: [ResourceName: ResourceKey] = [:]
        var forwarders: [ForwarderRecord] = []
        var deadLetters: [Int64: DeadLetter] = [:]
        var quarantine: [Int64: QuarantinedItem] = [:]
        var checkpoints: [[String]: String] = [:]
        var settings: [String: String] = [:]
        var replays: [ReplayID: Replay] = [:]
        var lastID: Int64 = 0
        var failure: StoreError?
        var writeFailure: StoreError?
        var commitCount = 0
        /// The bytes of the disk, for retention.
        var capacity: Int64 = 1 << 40
        /// The events that are redelivered, beside the log.
        var copies: [Copy: StoredEvent] = [:]
        var lastResource: Int64 = 0

        mutating func nextID() -> Int64 {
            lastID += 1
            return lastID
        }
    }

    /// What makes an event a repetition: the origin's id and the same content.
    struct Identity: Hashable {
        var cloud: String
        var source: String
        var id: String
        var content: [UInt8]
    }

    /// An event that a forwarder redelivers.
    struct Copy: Hashable {
        var forwarder: ForwarderID
        var position: Position
    }

    struct ResourceName: Hashable {
        var cloud: String
        var type: String
        var id: String
    }

    let state = Mutex(State())
    let indexer = ResourceIndexer()

    private let beforeCommit: @Sendable (CommitGroup) async -> Void

    /// - Parameter beforeCommit: waited for with each group, as for a disk that takes its time.
    package init(beforeCommit: @escaping @Sendable (CommitGroup) async -> Void = { _ in }) {
        self.beforeCommit = beforeCommit
    }

    /// What every call throws from now on; `nil` for a store that works again.
    package var failure: StoreError? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// What commits and settings throw from now on, while reading works: a full disk.
    package var writeFailure: StoreError? {
        get { state.withLock { $0.writeFailure } }
        set { state.withLock { $0.writeFailure = newValue } }
    }

    /// How many bytes the disk has, for retention.
    package var capacity: Int64 {
        get { state.withLock { $0.capacity } }
        set { state.withLock { $0.capacity = newValue } }
    }

    /// Groups committed so far.
    package var commitCount: Int { state.withLock { $0.commitCount } }

    /// Runs `body` on the state, unless the store has been told to fail.
    func withState<Result: Sendable>(_ body: @Sendable (inout State) throws -> Result) throws -> Result {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return try body(&state)
        }
    }

    package var instanceID: String { "00000000" }

    package func commit(_ group: CommitGroup) async throws -> CommitResult {
        await beforeCommit(group)
        return try withState { state in
            if let failure = state.writeFailure { throw failure }
            // On a copy: a group is committed as a whole or not at all.
            var copy = state
            var events: [StoredEvent] = []
            let receipts = group.batches.map { commit($0, at: group.recordedTime, to: &copy, &events) }
            for progress in group.progress { save(progress, to: &copy) }
            copy.commitCount += 1
            state = copy
            return CommitResult(receipts: receipts, events: events, head: state.head)
        }
    }

    package func sizeInBytes() async throws -> Int64 {
        try withState { state in state.events.reduce(0) { $0 + Int64($1.event.payload.original.count) } }
    }

    package func setting(_ name: String) async throws -> String? { try withState { $0.settings[name] } }

    package func setSetting(_ name: String, to value: String) async throws {
        try withState { state in
            if let failure = state.writeFailure { throw failure }
            state.settings[name] = value
        }
    }
}

// MARK: - Committing

extension InMemoryEventStore {
    private func commit(
        _ batch: IntakeBatch,
        at time: Timestamp,
        to state: inout State,
        _ events: inout [StoredEvent]
    ) -> CommitReceipt {
        var receipt = CommitReceipt()
        let before = state.head
        for item in batch.items {
            switch item {
            case .event(let event, let facts):
                let identity = Identity(
                    cloud: event.cloud,
                    source: event.source,
                    id: event.id,
                    content: Array(event.payload.original)
                )
                if !event.id.isEmpty, let known = state.identities[identity] {
                    receipt.duplicates += 1
                    receipt.lastPosition = max(receipt.lastPosition ?? .zero, known)
                    continue
                }
                append(event, facts, at: time, to: &state, &events, &receipt)
                state.identities[identity] = state.head
            case .unreadable(let draft):
                let id = state.nextID()
                state.quarantine[id] = QuarantinedItem(
                    id: id,
                    source: batch.source,
                    receivedTime: time,
                    draft: draft
                )
                receipt.quarantined += 1
            }
        }
        for knowledge in batch.knowledge {
            let subject = knowledge.subject
            change(subject.resource, cloud: subject.cloud, publisher: "", &state) {
                indexer.apply(knowledge, at: time, to: &$0)
            }
        }
        if let sync = batch.sync { compare(sync, at: time, &state, &events, &receipt) }
        let positions =
            state.head > before ? before.rawValue + 1...state.head.rawValue : nil
        for checkpoint in batch.checkpoints {
            state.checkpoints[[batch.source, checkpoint.key]] = checkpoint.value(for: positions)
        }
        for id in batch.resolvedQuarantine { state.quarantine[id] = nil }
        return receipt
    }

    /// Appends an event to the log.
    func append(
        _ event: Event,
        _ facts: ResourceFacts?,
        at time: Timestamp,
        to state: inout State,
        _ events: inout [StoredEvent],
        _ receipt: inout CommitReceipt
    ) {
        let position = state.head.advanced(by: 1)
        var stored = StoredEvent(
            event: event.with { fields in
                fields.position = position
                fields.recordedTime = time
                if fields.id.isEmpty { fields.id = position.description }
            },
            resourceKey: nil,
            changes: nil
        )
        if event.resource != nil {
            let effect = shape(&stored, &state) { indexer.apply($0, facts: facts, at: time, to: &$1) }
            let isImpossible = effect.isImpossibleTransition || event.fields.isImpossibleTransition
            receipt.impossibleTransitions += isImpossible ? 1 : 0
            receipt.stale += effect.isStale ? 1 : 0
        }
        state.head = position
        state.events.append(stored)
        events.append(stored)
        receipt.accepted += 1
        receipt.lastPosition = position
    }

    /// Lets an event shape the record of its resource.
    private func shape(
        _ stored: inout StoredEvent,
        _ state: inout State,
        apply: (Event, inout ResourceRecord) -> IndexEffect
    ) -> IndexEffect {
        guard let resource = stored.event.resource else { return IndexEffect() }
        let event = stored.event
        let (key, effect) = change(resource, cloud: event.cloud, publisher: event.source, &state) { record in
            (record.key, apply(event, &record))
        }
        stored.resourceKey = key
        stored.changes = effect.changes
        stored.event = stored.event.with { fields in
            fields.isStale = effect.isStale
            fields.isImpossibleTransition = effect.isImpossibleTransition
        }
        return effect
    }

    /// Lets `body` change the record of a resource, a new one where there is none.
    @discardableResult
    func change<Result>(
        _ resource: ResourceReference,
        cloud: String,
        publisher: String,
        _ state: inout State,
        _ body: (inout ResourceRecord) -> Result
    ) -> Result {
        let name = ResourceName(cloud: cloud, type: resource.type, id: resource.id)
        let key = state.resourceKeys[name] ?? ResourceKey(rawValue: state.lastResource + 1)
        state.lastResource = max(state.lastResource, key.rawValue)
        state.resourceKeys[name] = key
        var record =
            state.resources[key]
            ?? ResourceRecord(key: key, cloud: cloud, type: resource.type, id: resource.id, publisher: publisher)
        let result = body(&record)
        state.resources[key] = record
        return result
    }

    private func save(_ progress: ForwarderProgress, to state: inout State) {
        guard let index = state.forwarders.firstIndex(where: { $0.id == progress.forwarder }) else { return }
        var record = state.forwarders[index]
        record.cursor = progress.cursor
        record.counts += progress.counts
        if let pause = progress.pause { record.pause = pause }
        if let lastError = progress.lastError { record.lastError = lastError }
        let changed = Set(progress.unparked + progress.parked.map(\.position))
        record.parked.removeAll { changed.contains($0.position) }
        record.parked = (record.parked + progress.parked).sorted { $0.position < $1.position }
        for draft in progress.deadLetters {
            let copy = Copy(forwarder: record.id, position: draft.position)
            let letters = state.deadLetters.values
            guard
                let stored = state.events.first(where: { $0.position == draft.position }) ?? state.copies[copy]
                    ?? letters.first(where: { $0.forwarderID == record.id && $0.stored.position == draft.position })?
                    .stored
            else {
                record.counts.dead -= 1
                record.counts.skipped += 1
                continue
            }
            let id = state.nextID()
            state.deadLetters[id] = DeadLetter(
                id: id,
                forwarder: record.name,
                forwarderID: record.id,
                stored: stored,
                reason: draft.reason,
                attempts: draft.attempts,
                time: draft.time
            )
        }
        let redelivered = Set(progress.parked.filter(\.isRedelivery).map(\.position))
        for id in progress.removedDeadLetters {
            guard let letter = state.deadLetters.removeValue(forKey: id) else { continue }
            record.counts.dead -= 1
            guard redelivered.contains(letter.stored.position) else { continue }
            state.copies[Copy(forwarder: record.id, position: letter.stored.position)] = letter.stored
        }
        for position in progress.unparked { state.copies[Copy(forwarder: record.id, position: position)] = nil }
        state.forwarders[index] = record
    }
}
