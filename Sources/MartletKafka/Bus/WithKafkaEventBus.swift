import Martlet

/// Runs a body with a bus over Kafka, and closes it however the body ends.
///
/// ```swift
/// try await withKafkaEventBus(bootstrapServers: "localhost:9092") { bus in
///     try await bus.withSubscription(to: [TopicPattern("*.*.*.VirtualMachine.#")]) { events in
///         for try await event in events { print(event.id) }
///     }
/// }
/// ```
///
/// - Parameters: as of ``KafkaEventBus/init(bootstrapServers:topic:order:properties:logger:)``.
public func withKafkaEventBus<Result: Sendable>(
    bootstrapServers: String,
    topic: String = "martlet",
    properties: [String: String] = [:],
    _ body: (KafkaEventBus) async throws -> Result
) async throws -> Result {
    let bus = try KafkaEventBus(bootstrapServers: bootstrapServers, topic: topic, properties: properties)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await bus.run() }
        let result: Result
        do {
            result = try await body(bus)
        } catch {
            await bus.close()
            throw error
        }
        await bus.close()
        return result
    }
}
