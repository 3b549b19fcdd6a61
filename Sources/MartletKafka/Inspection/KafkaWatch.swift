package import Logging

/// Reads what is written to a topic from now on; joins no group and changes nothing.
package struct KafkaWatch: Sendable {
    private let settings: KafkaSettings
    private let logger: Logger

    /// - Parameter settings: for the role ``KafkaSettings/Role/consumer`` or ``KafkaSettings/Role/both``.
    package init(_ settings: KafkaSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Reads a topic for as long as `use` runs, which begins when nothing that is written from then on can be missed.
    ///
    /// - Parameter use: gets the values of records, those of one partition in order.
    /// - Throws: ``KafkaError``, and what `use` throws.
    package func withValues<Result: Sendable>(
        of topic: String,
        _ use: @escaping @Sendable (AsyncStream<[UInt8]>) async throws -> Result
    ) async throws -> Result {
        let consumer = try await KafkaConsumer.open(
            properties: settings.consumerProperties.merging(["group.id": "martlet-watch"]) { $1 },
            place: settings.place,
            logger: logger
        )
        do {
            var starts: [KafkaPartition: KafkaOffset] = [:]
            for partition in try await consumer.partitions(of: [topic]) {
                // As numbers: “the end” would be wherever it is when the first answer comes.
                starts[partition] = .at(try await consumer.bounds(of: partition).upperBound)
            }
            try await consumer.assign(starts)
            let result = try await Self.reading(consumer, use)
            await consumer.close()
            return result
        } catch {
            await consumer.close()
            throw error
        }
    }

    private static func reading<Result: Sendable>(
        _ consumer: KafkaConsumer,
        _ use: @escaping @Sendable (AsyncStream<[UInt8]>) async throws -> Result
    ) async throws -> Result {
        let (values, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                defer { continuation.finish() }
                while !Task.isCancelled {
                    for case .records(let records) in try await consumer.next() {
                        for record in records { continuation.yield(Array(record.value ?? [])) }
                    }
                }
                return nil
            }
            group.addTask { try await use(values) }
            defer { group.cancelAll() }
            // Only the reader ends with nothing, and only when it is cancelled.
            while let ended = try await group.next() {
                if let result = ended { return result }
            }
            throw CancellationError()
        }
    }
}
