import Martlet
import MartletPipeline
import MartletStore
import Synchronization

/// The real store, called one call at a time, with a disk that can be full and a process that can be dead.
final class SteppedStore: EventStore {
    private struct State {
        var isFull = false
        var isDead = false
        var recordedTime: Timestamp?
        var commits: [Timestamp] = []
    }

    let real: SQLiteEventStore
    private let executor: SteppedExecutor
    private let time: any TimeSource
    private let state = Mutex(State())

    init(_ real: SQLiteEventStore, executor: SteppedExecutor, time: any TimeSource) {
        self.real = real
        self.executor = executor
        self.time = time
    }

    /// Whether commits fail.
    var isFull: Bool {
        get { state.withLock { $0.isFull } }
        set { state.withLock { $0.isFull = newValue } }
    }

    /// When the last group was committed, as the intake put it.
    var recordedTime: Timestamp? { state.withLock { $0.recordedTime } }

    /// When there were commits since the last call, of whatever.
    func takeCommits() -> [Timestamp] {
        state.withLock { state in
            defer { state.commits = [] }
            return state.commits
        }
    }

    /// From now on nothing reaches the disk: the process has been killed.
    func kill() { state.withLock { $0.isDead = true } }

    private func call<Value: Sendable>(
        writing: Bool = false,
        _ body: (SQLiteEventStore) async throws -> Value
    ) async throws -> Value {
        let failure: StoreError? = state.withLock { state in
            if state.isDead { return StoreError(.failed, "killed") }
            return writing && state.isFull ? StoreError(.full, "full") : nil
        }
        if let failure { throw failure }
        executor.beginCall()
        defer { executor.endCall() }
        return try await body(real)
    }

    var instanceID: String { real.instanceID }

    func commit(_ group: CommitGroup) async throws -> CommitResult {
        try await call(writing: true) { real in
            state.withLock { state in
                state.recordedTime = group.recordedTime
                state.commits.append(time.now)
            }
            return try await real.commit(group)
        }
    }

    func sizeInBytes() async throws -> Int64 { try await call { try await $0.sizeInBytes() } }

    func setting(_ name: String) async throws -> String? { try await call { try await $0.setting(name) } }

    func setSetting(_ name: String, to value: String) async throws {
        try await call(writing: true) { try await $0.setSetting(name, to: value) }
    }
}

extension SteppedStore {
    func head() async throws -> Position { try await call { try await $0.head() } }

    func page(after position: Position, limit: Int, maximumBytes: Int) async throws -> [StoredEvent] {
        try await call { try await $0.page(after: position, limit: limit, maximumBytes: maximumBytes) }
    }

    func events(at positions: [Position]) async throws -> [StoredEvent] {
        try await call { try await $0.events(at: positions) }
    }

    func position(before time: Timestamp) async throws -> Position {
        try await call { try await $0.position(before: time) }
    }

    func checkpoint(source: String, key: String) async throws -> String? {
        try await call { try await $0.checkpoint(source: source, key: key) }
    }

    func resources(type: String, id: String, cloud: String?) async throws -> [ResourceRecord] {
        try await call { try await $0.resources(type: type, id: id, cloud: cloud) }
    }

    func indexEntries(
        of cloud: String,
        after key: ResourceKey?,
        limit: Int
    ) async throws -> (next: ResourceKey?, entries: [IndexEntry]) {
        try await call { try await $0.indexEntries(of: cloud, after: key, limit: limit) }
    }

    func resources(withKeys keys: [ResourceKey]) async throws -> [ResourceKey: ResourceRecord] {
        try await call { try await $0.resources(withKeys: keys) }
    }

    func timeline(
        of key: ResourceKey,
        before position: Position?,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [StoredEvent] {
        try await call {
            try await $0.timeline(of: key, before: position, limit: limit, maximumBytes: maximumBytes)
        }
    }

    func latestEvents(
        _ searches: [LatestEventSearch],
        through: Position,
        acceptedBy filter: EventFilter,
        limit: Int
    ) async throws -> [LatestEventSearch] {
        try await call { try await $0.latestEvents(searches, through: through, acceptedBy: filter, limit: limit) }
    }

    func searchResources(
        _ text: String,
        type: String?,
        cloud: String?,
        state: String?,
        limit: Int
    ) async throws -> (resources: [ResourceRecord], indexedThrough: Position) {
        try await call {
            try await $0.searchResources(text, type: type, cloud: cloud, state: state, limit: limit)
        }
    }

    func resourceCandidates(
        _ text: String,
        type: String?,
        cloud: String?,
        after key: ResourceKey?,
        span: Int
    ) async throws -> ResourceCandidates {
        try await call {
            try await $0.resourceCandidates(text, type: type, cloud: cloud, after: key, span: span)
        }
    }
}

extension SteppedStore {
    func openForwarder(name: String, start: Position) async throws -> ForwarderRecord {
        try await call(writing: true) { try await $0.openForwarder(name: name, start: start) }
    }

    func forwarderExists(name: String) async throws -> Bool {
        try await call { try await $0.forwarderExists(name: name) }
    }

    func events(at positions: [Position], for forwarder: ForwarderID) async throws -> [StoredEvent] {
        try await call { try await $0.events(at: positions, for: forwarder) }
    }

    func forgetForwarder(name: String) async throws -> Bool {
        try await call(writing: true) { try await $0.forgetForwarder(name: name) }
    }

    func forwarderStatuses() async throws -> [ForwarderStatus] { try await call { try await $0.forwarderStatuses() } }

    func deadLetters(
        forwarder: String?,
        after id: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [DeadLetter] {
        try await call {
            try await $0.deadLetters(forwarder: forwarder, after: id, limit: limit, maximumBytes: maximumBytes)
        }
    }

    func deadLetter(id: Int64) async throws -> DeadLetter? { try await call { try await $0.deadLetter(id: id) } }

    func lastDeadLetter(of forwarder: ForwarderID) async throws -> Int64? {
        try await call { try await $0.lastDeadLetter(of: forwarder) }
    }

    func deadLetterReferences(
        of forwarder: ForwarderID,
        within ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [DeadLetterReference] {
        try await call { try await $0.deadLetterReferences(of: forwarder, within: ids, limit: limit) }
    }

    func quarantined(
        source: String?,
        after id: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [QuarantinedItem] {
        try await call {
            try await $0.quarantined(source: source, after: id, limit: limit, maximumBytes: maximumBytes)
        }
    }

    func quarantineCounts() async throws -> [String: Int] { try await call { try await $0.quarantineCounts() } }
}

extension SteppedStore {
    func createReplay(_ draft: ReplayDraft) async throws -> ReplayRecord {
        try await call(writing: true) { try await $0.createReplay(draft) }
    }

    func replays() async throws -> [ReplayRecord] { try await call { try await $0.replays() } }

    func replay(_ id: ReplayID) async throws -> ReplayRecord? { try await call { try await $0.replay(id) } }

    func parkedDeliveries(of replay: ReplayID) async throws -> [ParkedDelivery] {
        try await call { try await $0.parkedDeliveries(of: replay) }
    }

    func saveReplay(_ progress: ReplayProgress) async throws {
        try await call(writing: true) { try await $0.saveReplay(progress) }
    }

    func setReplay(_ id: ReplayID, to state: ReplayState, pause: Pause?, at time: Timestamp) async throws -> Bool {
        try await call(writing: true) { try await $0.setReplay(id, to: state, pause: pause, at: time) }
    }

    func replayFailures(
        _ id: ReplayID,
        after failure: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [ReplayFailure] {
        try await call {
            try await $0.replayFailures(id, after: failure, limit: limit, maximumBytes: maximumBytes)
        }
    }
}

extension SteppedStore {
    var damage: StoreDamage { real.damage }

    func logExtent() async throws -> LogExtent { try await call { try await $0.logExtent() } }

    func space() async throws -> StoreSpace { try await call { try await $0.space() } }
    func keptBytes() async throws -> Int64 { try await call { try await $0.keptBytes() } }

    func removeEvents(
        through position: Position,
        heldBy forwarders: Set<ForwarderID>,
        limit: Int
    ) async throws -> Removal {
        try await call(writing: true) {
            try await $0.removeEvents(through: position, heldBy: forwarders, limit: limit)
        }
    }

    func removeQuarantined(before time: Timestamp, limit: Int) async throws -> Int {
        try await call(writing: true) { try await $0.removeQuarantined(before: time, limit: limit) }
    }

    func removeTombstones(
        deletedBefore time: Timestamp,
        after key: ResourceKey?,
        limit: Int
    ) async throws -> (next: ResourceKey?, removed: Int) {
        try await call(writing: true) { try await $0.removeTombstones(deletedBefore: time, after: key, limit: limit) }
    }
}
