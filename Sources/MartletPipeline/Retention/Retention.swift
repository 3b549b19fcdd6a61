package import Logging
import Martlet
import Synchronization

/// Shortens the log by age and by size, and never past a forwarder that waits (promise 11).
///
/// In small steps, each a short transaction of the store's, between which commits go on. A forwarder whose stance is to skip
/// gives up what is to go first, so that there is one rule for what may be removed: nothing that a configured forwarder has not
/// concluded.
package final class Retention: Sendable {
    /// Between two looks.
    package static let interval = Duration.seconds(10)
    /// Events that go in one transaction: a few milliseconds.
    static let chunk = 500
    /// The same where the store is too large: as many as one commit brings, so that what goes keeps up with what comes.
    static let urgentChunk = 2_000
    /// Events that are decided on at once where the store takes up too much.
    static let sizeStep: Int64 = 10_000
    /// Between two warnings that a forwarder holds retention back.
    static let warningInterval = Duration.seconds(3_600)
    /// A clock that is set ahead by more than that makes everything look old; whoever set it has an hour to see that it was wrong.
    static let clockTolerance = Duration.seconds(3_600)
    /// How long a deleted resource is remembered.
    static let tombstoneLife = Duration.seconds(7 * 86_400)
    /// Resources looked at in one look.
    static let tombstoneStep = 5_000

    private struct State {
        var status: RetentionStatus
        var lastWarning: Timestamp?
        /// The bytes of dead letters and the quarantine, where these are why the store is too large.
        var crowd: Int64?
        var lastCrowdWarning: Timestamp?
        /// Where the look for tombstones goes on.
        var nextResource: ResourceKey?
        /// The last look, by the clock and by the one that nobody sets.
        var lastLook: (clock: Timestamp, steady: Timestamp)?
        /// Until then, by the steady clock, age is no reason.
        var distrustUntil: Timestamp?
    }

    private let store: any EventStore
    private let intake: Intake
    private let forwarders: @Sendable () -> [Forwarder]
    private let time: any TimeSource
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameter forwarders: asked at every look for those that are configured then; the others hold nothing.
    package init(
        policy: RetentionPolicy,
        store: any EventStore,
        intake: Intake,
        time: any TimeSource,
        logger: Logger,
        forwarders: @escaping @Sendable () -> [Forwarder]
    ) {
        self.store = store
        self.intake = intake
        self.forwarders = forwarders
        self.time = time
        self.logger = logger
        state = Mutex(State(status: RetentionStatus(policy: policy)))
    }

    package var status: RetentionStatus { state.withLock { $0.status } }

    /// What is kept; the next look goes by it.
    package var policy: RetentionPolicy {
        get { state.withLock { $0.status.policy } }
        set { state.withLock { $0.status.policy = newValue } }
    }

    /// Looks again and again until the task is cancelled.
    package func run() async throws {
        while !Task.isCancelled {
            do {
                try await look()
            } catch is CancellationError {
                return
            } catch {
                logger.error("Retention failed; it is tried again.", metadata: ["error": "\(error)"])
                state.withLock { $0.status.lastError = "\(error)" }
            }
            try await time.sleep(for: Retention.interval)
        }
    }

    /// Removes what is to go now.
    package func look() async throws {
        let now = time.now
        let isTrusted = trustsClock(now)
        let age = isTrusted ? policy.age : nil
        let hold = try await shorten(before: age.map { now.moving(back: $0) })
        if let age { try await clearQuarantine(before: now.moving(back: age)) }
        if isTrusted { try await clearTombstones(before: now.moving(back: Retention.tombstoneLife)) }
        try await note(hold, now: now)
        try await noteCrowd(now: now)
    }
}

// MARK: - The clock

extension Retention {
    /// Whether the clock may be taken at its word: not for a while after it was set ahead.
    private func trustsClock(_ now: Timestamp) -> Bool {
        let steady = time.steadyNow
        let (jump, isTrusted) = state.withLock { state -> (Duration, Bool) in
            let jump = state.lastLook.map { (now - $0.clock) - (steady - $0.steady) } ?? .zero
            state.lastLook = (now, steady)
            if jump > Retention.clockTolerance { state.distrustUntil = steady + Retention.clockTolerance }
            return (jump, state.distrustUntil.map { steady >= $0 } ?? true)
        }
        if jump > Retention.clockTolerance {
            logger.warning(
                "The clock was set ahead: nothing is removed for its age in the next hour.",
                metadata: ["by": "\(jump)", "now": "\(now)"]
            )
        }
        return isTrusted
    }
}

// MARK: - The log

extension Retention {
    /// Removes events until the log is within its bounds.
    ///
    /// - Returns: who keeps it from that.
    private func shorten(before time: Timestamp?) async throws -> Removal.Hold? {
        var aged = Position.zero
        if let time { aged = try await store.position(before: time) }
        var skips: [ForwarderID: Skip] = [:]
        var hold: Removal.Hold?
        var kept: Int64?
        while hold == nil, !Task.isCancelled {
            let (space, extent) = (try await store.space(), try await store.logExtent())
            let policy = policy
            state.withLock { state in
                state.status.used = space.used
                state.status.bound = policy.bound(of: space)
            }
            if kept == nil, state.withLock({ $0.status.isOverSize }) { kept = try await store.keptBytes() }
            let sized = policy.target(of: space, extent, kept: kept ?? 0, step: Retention.sizeStep)
            state.withLock { $0.crowd = policy.isCrowded(space, kept: kept ?? 0) ? kept : nil }
            let target = min(max(aged, sized), extent.head.advanced(by: -1))
            guard target > extent.removedThrough else { break }
            let forwarders = forwarders()
            for forwarder in forwarders where forwarder.configuration.retention == .skip {
                let given = try await forwarder.skip(through: target)
                let from = extent.first
                skips[forwarder.id, default: Skip(forwarder: forwarder, from: from)].add(given, through: target)
            }
            hold = try await remove(through: target)
        }
        for skip in skips.values where skip.count > 0 {
            await skip.forwarder.reportSkipped(skip.count, from: skip.from, through: skip.through)
        }
        return hold
    }

    /// What a forwarder has given up in one look, reported as one stretch.
    private struct Skip {
        let forwarder: Forwarder
        let from: Position
        var through = Position.zero
        var count: Int64 = 0

        init(forwarder: Forwarder, from: Position) {
            self.forwarder = forwarder
            self.from = from
        }

        mutating func add(_ given: Int64, through position: Position) {
            guard given > 0 else { return }
            count += given
            through = position
        }
    }

    private func remove(through target: Position) async throws -> Removal.Hold? {
        while !Task.isCancelled {
            let isUrgent = state.withLock { $0.status.isOverSize }
            let start = time.steadyNow
            let removal = try await store.removeEvents(
                through: target,
                heldBy: Set(forwarders().map(\.id)),
                limit: isUrgent ? Retention.urgentChunk : Retention.chunk
            )
            state.withLock { $0.status.removedEvents += Int64(removal.count) }
            if removal.removedThrough >= target { return nil }
            if removal.count == 0 { return removal.hold }
            // What is merely old takes half of the writer's time at the most.
            if !isUrgent { try await time.sleep(for: time.steadyNow - start) }
        }
        return nil
    }
}

// MARK: - What else grows old

extension Retention {
    private func clearQuarantine(before time: Timestamp) async throws {
        while !Task.isCancelled {
            let count = try await store.removeQuarantined(before: time, limit: Retention.chunk)
            state.withLock { $0.status.removedQuarantined += Int64(count) }
            if count < Retention.chunk { return }
        }
    }

    /// A stretch of the index at each look, round and round.
    private func clearTombstones(before time: Timestamp) async throws {
        let (next, removed) = try await store.removeTombstones(
            deletedBefore: time,
            after: state.withLock { $0.nextResource },
            limit: Retention.tombstoneStep
        )
        state.withLock { state in
            state.nextResource = next
            state.status.removedTombstones += Int64(removed)
        }
    }
}

// MARK: - Who holds it back

extension Retention {
    private func name(of owner: Removal.Hold.Owner) -> String? {
        switch owner {
        // One that skips has merely something in flight.
        case .forwarder(let id): forwarders().first { $0.id == id && $0.configuration.retention == .wait }?.name
        case .replay(let id): "replay \(id)"
        }
    }

    /// Remembers who holds retention back, and says so where the store takes up more than it may: hourly at the most.
    private func note(_ hold: Removal.Hold?, now: Timestamp) async throws {
        guard let hold, let name = name(of: hold.owner) else {
            return state.withLock { state in
                state.status.hold = nil
                state.status.lastError = nil
            }
        }
        let recorded = try await store.events(at: [hold.position]).first?.event.fields.recordedTime
        let alert = state.withLock { state -> RetentionAlert? in
            let known = state.status.hold
            state.status.lastError = nil
            state.status.hold = RetentionStatus.Hold(
                forwarder: name,
                position: hold.position,
                recorded: recorded,
                since: known?.forwarder == name ? known?.since ?? now : now
            )
            guard state.status.isOverSize, let bound = state.status.bound,
                state.lastWarning.map({ now - $0 >= Retention.warningInterval }) ?? true
            else { return nil }
            state.lastWarning = now
            return .held(
                by: name,
                isReplay: hold.owner.isReplay,
                at: hold.position,
                since: recorded,
                used: state.status.used,
                bound: bound
            )
        }
        guard let alert else { return }
        logger.error("\(alert.text)", metadata: ["forwarder": "\(name)", "position": "\(hold.position)"])
        _ = try await intake.submit(IntakeBatch(alert: alert.event(at: now)))
    }
}

extension Retention {
    /// Says that what nobody has decided on leaves the log too little room: hourly at the most.
    private func noteCrowd(now: Timestamp) async throws {
        let alert = state.withLock { state -> RetentionAlert? in
            guard let kept = state.crowd, let bound = state.status.bound,
                state.lastCrowdWarning.map({ now - $0 >= Retention.warningInterval }) ?? true
            else { return nil }
            state.lastCrowdWarning = now
            return .crowded(kept: kept, used: state.status.used, bound: bound)
        }
        guard let alert else { return }
        logger.error("\(alert.text)")
        _ = try await intake.submit(IntakeBatch(alert: alert.event(at: now)))
    }
}

extension Removal.Hold.Owner {
    fileprivate var isReplay: Bool {
        if case .replay = self { true } else { false }
    }
}

extension Timestamp {
    /// The moment this long before.
    fileprivate func moving(back duration: Duration) -> Timestamp { self + (.zero - duration) }
}
