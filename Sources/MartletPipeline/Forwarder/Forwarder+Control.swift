import DequeModule
package import Martlet
import Synchronization

// What an operator decides. Each returns when the decision is on disk.

extension Forwarder {
    /// What it is doing, in one word of the catalogue that status, API and console share.
    package enum Activity: String, Sendable, CaseIterable {
        /// Delivering, or waiting for events.
        case running
        /// Some events wait for their next attempt.
        case retrying
        /// The destination takes nothing; the whole forwarder backs off.
        case unavailable
        /// Standing still until somebody resumes it.
        case paused
    }

    package var activity: Activity { state.withLock { $0.window.activity } }

    /// Since when the destination has taken nothing; `nil` while it takes something.
    package var unavailableSince: Timestamp? {
        let now = time.moment
        return state.withLock { $0.window.backoff.map { now.clock + ($0.since - now.steady) } }
    }

    /// The stretch of which it sends the last event of each resource only; `nil` where there is none.
    package var resynchronisation: Resynchronisation? { state.withLock { $0.window.resynchronisation } }

    /// When it tries again what failed; `nil` where nothing waits for its next attempt.
    package var nextAttempt: Timestamp? {
        let now = time.moment
        return state.withLock { $0.window.nextAttempt(now: now) }
    }

    /// Hands nothing out until it is resumed.
    ///
    /// - Throws: ``IntakeError`` or ``StoreError`` where the decision could not be stored.
    package func pause(reason: String) async throws {
        try await decide { $0.setPause(Pause(cause: .requested, reason: reason)) }
    }

    /// Goes on at once, forgetting the failures before.
    package func resume() async throws {
        try await decide { $0.resume() }
    }

    /// Brings dead letters back: pending again, marked as a replay, outside the order.
    package func redeliver(_ letters: [DeadLetterReference]) async throws {
        let now = time.now
        try await decide { $0.redeliver(letters.map { ($0.id, $0.position) }, now: now) }
    }

    /// Gives dead letters up: skipped.
    package func discard(_ letters: [DeadLetterReference]) async throws {
        try await decide { $0.discard(letters.map(\.id)) }
    }

    private func decide(_ decision: (inout DeliveryWindow) -> Void) async throws {
        let isRetired = state.withLock { state in
            // Nobody would save what is decided now.
            if !state.life.isRetired { decision(&state.window) }
            return state.life.isRetired
        }
        if isRetired { throw IntakeError(.stopped, "The forwarder \(name) has been taken out of the configuration.") }
        doorbell.ring()
        try await intake.save()
    }
}

extension DeliveryWindow {
    /// When what failed is tried again, by the clock that may be set.
    func nextAttempt(now: Moment) -> Timestamp? {
        guard pause == nil else { return nil }
        if let backoff { return now.clock + (backoff.until - now.steady) }
        return waiting.first?.wait.due
    }

    /// What it is doing.
    var activity: Forwarder.Activity {
        if pause != nil { return .paused }
        if backoff != nil { return .unavailable }
        return parked.isEmpty ? .running : .retrying
    }

    /// Whether nothing goes out for the time being.
    var isHoldingBack: Bool { pause != nil || backoff != nil }

    /// Whether an event may be needed again from memory: it lies beyond the cursor and is not parked.
    func holds(_ position: Position) -> Bool {
        guard let index = entryIndex(of: position) else { return false }
        switch entries[index].status {
        case .ready, .inFlight: return true
        case .parked, .delivered, .dead, .skipped, .superseded: return false
        }
    }
}
