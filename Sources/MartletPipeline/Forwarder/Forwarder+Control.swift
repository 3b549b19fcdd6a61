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
    package var unavailableSince: Timestamp? { state.withLock { $0.window.backoff?.since } }

    /// When it tries again what failed; `nil` where nothing waits for its next attempt.
    package var nextAttempt: Timestamp? { state.withLock { $0.window.nextAttempt } }

    /// Hands nothing out until it is resumed.
    ///
    /// - Throws: ``IntakeError`` or ``StoreError`` where the decision could not be stored.
    package func pause(reason: String) async throws {
        state.withLock { $0.window.setPause(Pause(cause: .requested, reason: reason)) }
        try await settle()
    }

    /// Goes on at once, forgetting the failures before.
    package func resume() async throws {
        state.withLock { $0.window.resume() }
        try await settle()
    }

    /// Brings dead letters back: pending again, marked as a replay, outside the order.
    package func redeliver(_ letters: [DeadLetter]) async throws {
        let now = time.now
        state.withLock { $0.window.redeliver(letters.map { ($0.id, $0.stored.position) }, now: now) }
        try await settle()
    }

    /// Gives dead letters up: skipped.
    package func discard(_ letters: [DeadLetter]) async throws {
        state.withLock { $0.window.discard(letters.map(\.id)) }
        try await settle()
    }

    private func settle() async throws {
        doorbell.ring()
        try await intake.save()
    }
}

extension DeliveryWindow {
    /// When what failed is tried again.
    var nextAttempt: Timestamp? {
        guard pause == nil else { return nil }
        if let backoff { return backoff.until }
        return waiting.values.min()?.due
    }

    /// What it is doing.
    var activity: Forwarder.Activity {
        if pause != nil { return .paused }
        if backoff != nil { return .unavailable }
        return parked.isEmpty ? .running : .retrying
    }

    /// Whether an event may be needed again from memory: it lies beyond the cursor and is not parked.
    func holds(_ position: Position) -> Bool {
        guard let index = entryIndex(of: position) else { return false }
        switch entries[index].status {
        case .ready, .inFlight: return true
        case .parked, .delivered, .dead: return false
        }
    }
}
