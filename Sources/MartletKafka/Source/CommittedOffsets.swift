import Synchronization

/// What has been committed in the store, and what of it the consumer group has been told.
final class CommittedOffsets: Sendable {
    private struct State {
        var untold: [KafkaPartition: Int64] = [:]
        var told: [KafkaPartition: Int64] = [:]
    }

    private let state = Mutex(State())

    func add(_ committed: [KafkaPartition: Int64]) {
        state.withLock { $0.untold.merge(committed) { $1 } }
    }

    /// Takes out what is to be told.
    func take() -> [KafkaPartition: Int64] {
        state.withLock { state in
            let taken = state.untold
            state.told.merge(taken) { $1 }
            state.untold = [:]
            return taken
        }
    }

    /// The group did not take it: everything is to be told again.
    func takeBack() {
        state.withLock { state in
            state.untold = state.told.merging(state.untold) { $1 }
            state.told = [:]
        }
    }

    /// Takes out what is to be told of partitions that are given back; no more is heard of them.
    func remove(_ partitions: Set<KafkaPartition>) -> [KafkaPartition: Int64] {
        state.withLock { state in
            let taken = state.untold.filter { partitions.contains($0.key) }
            for partition in partitions {
                state.untold[partition] = nil
                state.told[partition] = nil
            }
            return taken
        }
    }
}
