import Synchronization

/// The resources that commits have changed and the text index does not know of yet, so that it need not look for them in the
/// log, where most events change nothing that is searched for.
///
/// In memory, and bounded: what is not known here is still found in the log, but for what an enricher has found out, which is
/// found with the resource's next event.
final class TextBacklog: Sendable {
    private struct State {
        /// Every resource that an event behind this position has changed is among `keys`.
        var since: Int64
        /// The head of the log as of the last commit.
        var through: Int64
        var keys: Set<Int64> = []
    }

    private let state: Mutex<State>
    private let maximumKeys: Int

    /// - Parameter head: the head of the log now.
    init(head: Int64, maximumKeys: Int = 100_000) {
        self.maximumKeys = maximumKeys
        state = Mutex(State(since: head, through: head))
    }

    /// A commit has changed these resources, up to this position.
    func add(_ keys: some Sequence<Int64>, through head: Int64) {
        state.withLock { state in
            state.through = head
            state.keys.formUnion(keys)
            if state.keys.count > maximumKeys { (state.since, state.keys) = (head, []) }
        }
    }

    /// Takes all resources that have been changed behind a position, and the one up to which that holds; `nil` where only the
    /// log tells.
    func take(after position: Int64) -> (keys: Set<Int64>, through: Int64)? {
        state.withLock { state in
            guard state.since <= position, position <= state.through else { return nil }
            defer { (state.since, state.keys) = (state.through, []) }
            return (state.keys, state.through)
        }
    }

    /// Gives back what was taken and could not be indexed.
    ///
    /// - Parameter through: up to where it held.
    func giveBack(_ keys: Set<Int64>, after position: Int64, through: Int64) {
        state.withLock { state in
            // What became too many meanwhile is left to the log, and what was taken with it.
            guard state.since <= through else { return }
            state.since = min(state.since, position)
            state.keys.formUnion(keys)
        }
    }
}
