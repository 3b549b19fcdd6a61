import Logging
import MartletPipeline

// Partitions that do not hold what is next: never a silent reset. The jump and its alert are one commit.

extension KafkaReader {
    /// A partition has nothing to read where it is.
    func halt(_ partition: KafkaPartition, _ lane: inout Lane) async throws {
        guard cursors[partition] != nil, halts[partition] == nil else { return }
        cursors[partition]?.halt()
        halts[partition] = .needsBounds
        try await leave(partition, &lane)
    }

    /// Tries to go on elsewhere; where a broker cannot be asked now, it is tried again later.
    func leave(_ partition: KafkaPartition, _ lane: inout Lane) async throws {
        do {
            let bounds = halts[partition] == .needsBounds ? try await consumer.bounds(of: partition) : nil
            if let bounds { try await jump(partition, within: bounds, &lane) }
            halts[partition] = .needsMove
            try await consumer.move(partition, among: cursors.mapValues(\.start))
            halts[partition] = nil
            moved.insert(partition)
            watch.isMended(partition)
        } catch let error as KafkaError {
            if error.code == .closed { throw error }
            watch.isStuck(partition, error)
        }
    }

    private func jump(_ partition: KafkaPartition, within bounds: Range<Int64>, _ lane: inout Lane) async throws {
        guard let jump = cursors[partition]?.jump(within: bounds), let cursor = cursors[partition] else { return }
        guard let alert = jump.alert(for: partition, generation: cursor.generation) else { return }
        logger.warning("\(alert.text)", metadata: ["source": "\(port.name)"])
        let batch = IntakeBatch(
            source: port.name,
            items: [port.item(for: alert)],
            checkpoints: checkpoint(of: partition).map { [$0] } ?? []
        )
        try await hand(batch, of: [partition], &lane)
        try await settle(&lane)
        port.monitor.addGap()
    }
}
