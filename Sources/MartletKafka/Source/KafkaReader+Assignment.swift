import Logging
import MartletPipeline

// Where partitions begin: the store knows, else the group, else `start` says.

extension KafkaReader {
    /// Answers the group with where to begin; keeps the answer back while a broker cannot be asked.
    func answer(assigned partitions: [KafkaPartition], _ lane: inout Lane) async throws {
        try await settle(&lane)
        do {
            try await begin(partitions)
            unanswered = nil
        } catch let error as KafkaError {
            if error.code == .closed { throw error }
            unanswered = partitions
            health.fails(.group, error)
        }
    }

    /// How long a broker may take to tell of its topics: nothing else is done meanwhile, and it is asked again every second.
    private static let patience = Duration.seconds(2)

    /// Takes all partitions of the topics without a group.
    func discover(_ lane: inout Lane) async throws {
        do throws(KafkaError) {
            unanswered = try await consumer.partitions(of: plan.topics, patience: Self.patience)
        } catch {
            if error.code == .closed { throw error }
            return watch.takeRefusal(error)
        }
        if let unanswered { try await answer(assigned: unanswered, &lane) }
    }

    /// Lets go of partitions, once what was read of them has been committed.
    func answer(revoked partitions: [KafkaPartition], areLost: Bool, _ lane: inout Lane) async throws {
        try await settle(&lane)
        watch.isGivenNothing = false
        let taken = Set(partitions)
        let told = committed.remove(taken)
        // Of partitions that were lost the group wants to hear nothing: somebody else tells of them now.
        if !areLost { await mirror(told) }
        for partition in partitions {
            cursors[partition] = nil
            halts[partition] = nil
            watch.isMended(partition)
        }
        let rest = unanswered?.filter { !taken.contains($0) } ?? []
        unanswered = rest.isEmpty ? nil : rest
        do throws(KafkaError) {
            try await consumer.unassign(partitions)
        } catch {
            if error.code == .closed { throw error }
            watch.take(error, reading: topics)
        }
    }

    private func begin(_ partitions: [KafkaPartition]) async throws {
        var begun: [KafkaPartition: PartitionCursor] = [:]
        for partition in partitions {
            if let place = try await place(of: partition) { begun[partition] = PartitionCursor(at: place) }
        }
        let unknown = partitions.filter { begun[$0] == nil }
        let offsets = plan.isPreview || unknown.isEmpty ? [:] : try await consumer.committed(unknown)
        for (partition, offset) in offsets { begun[partition] = PartitionCursor(startingAt: offset) }
        let new = unknown.filter { offsets[$0] == nil }
        if plan.start == .latest, !plan.isPreview { try await beginAtEnd(new, &begun) }
        for partition in new where begun[partition] == nil { begun[partition] = PartitionCursor(startingAt: nil) }
        try await consumer.assign(begun.mapValues(\.start))
        cursors.merge(begun) { $1 }
        for topic in Set(begun.keys.map(\.topic)) { watch.hasRead(topic) }
        // Being given nothing is no beginning: only where there is something to read does the source run.
        watch.isGivenNothing = cursors.isEmpty
        guard !cursors.isEmpty else { return }
        health.recovers(.group)
        if !begun.isEmpty { health.recovers(.topic) }
        health.begins()
    }

    private func place(of partition: KafkaPartition) async throws -> KafkaPlace? {
        let text = try await stored(partition.description)
        let place = text.flatMap { KafkaPlace($0) }
        if let text, place == nil {
            logger.error(
                "A checkpoint cannot be read; the partition begins where the group says.",
                metadata: ["source": "\(port.name)", "partition": "\(partition)", "checkpoint": "\(text)"]
            )
        }
        return place
    }

    /// What is at the end now is committed at once: after a restart it is read from there, not from another end.
    private func beginAtEnd(
        _ partitions: [KafkaPartition],
        _ begun: inout [KafkaPartition: PartitionCursor]
    ) async throws {
        var checkpoints: [String: Checkpoint] = [:]
        for partition in partitions {
            let marker = ReadingPlan.marker(of: partition.topic)
            // A partition that is added to a topic already begun with is read from its beginning.
            if try await stored(marker) != nil { continue }
            let cursor = PartitionCursor(startingAt: try await consumer.bounds(of: partition).upperBound)
            begun[partition] = cursor
            checkpoints[marker] = Checkpoint(key: marker, value: ReadingPlan.Start.latest.rawValue)
            checkpoints[partition.description] = cursor.place.map {
                Checkpoint(key: partition.description, value: $0.description)
            }
        }
        guard !checkpoints.isEmpty else { return }
        let batch = IntakeBatch(
            source: port.name,
            items: [],
            checkpoints: checkpoints.values.sorted { $0.key < $1.key }
        )
        try await committer.commit(batch)
    }

    private func stored(_ key: String) async throws -> String? {
        try await committer.persist("find the place to read on from") { [store, port] in
            try await store.checkpoint(source: port.name, key: key)
        }
    }
}
