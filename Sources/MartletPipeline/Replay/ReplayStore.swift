package import Martlet

/// What replays have achieved: beside the log and the forwarders, and touching neither.
package protocol ReplayStore: Sendable {
    /// Makes a replay, running. The oldest of those that have ended are forgotten where there are too many.
    func createReplay(_ draft: ReplayDraft) async throws -> ReplayRecord

    /// All replays, newest first.
    func replays() async throws -> [ReplayRecord]

    /// One replay; `nil` where there is none of this id.
    func replay(_ id: ReplayID) async throws -> ReplayRecord?

    /// What a replay has parked, ascending.
    func parkedDeliveries(of replay: ReplayID) async throws -> [ParkedDelivery]

    /// Saves what a replay has achieved, in one transaction.
    ///
    /// One that has ended meanwhile keeps its state, and counts what it is told. Events that failed for good and are no longer
    /// in the log are counted as skipped.
    func saveReplay(_ progress: ReplayProgress) async throws

    /// Changes the state of a replay that has not ended, durably.
    ///
    /// - Parameter pause: why it stands still, where it is paused.
    /// - Returns: whether it had not ended.
    func setReplay(_ id: ReplayID, to state: ReplayState, pause: Pause?, at time: Timestamp) async throws -> Bool

    /// The events that a replay gave up on in the order of their ids, from after an id on.
    ///
    /// - Parameter maximumBytes: how many bytes of payload at the most, but always one event: an empty answer is the end.
    func replayFailures(
        _ id: ReplayID,
        after failure: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [ReplayFailure]
}

/// Replays that have ended and are remembered, the newest ones.
package let rememberedReplayCount = 100
