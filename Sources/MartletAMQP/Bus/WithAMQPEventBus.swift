import Martlet

/// Runs a body with a bus over RabbitMQ, or another broker that speaks AMQP 0-9-1, and closes it however the body ends.
///
/// ```swift
/// try await withAMQPEventBus(url: "amqp://guest:guest@localhost/") { bus in
///     try await bus.withSubscription(to: [TopicPattern("*.*.*.VirtualMachine.#")]) { events in
///         for try await event in events { print(event.id) }
///     }
/// }
/// ```
///
/// - Parameters: as of ``AMQPEventBus/init(url:exchange:name:)``.
public func withAMQPEventBus<Result: Sendable>(
    url: String,
    exchange: String = "martlet",
    name: String = "bus",
    _ body: (AMQPEventBus) async throws -> Result
) async throws -> Result {
    let bus = try AMQPEventBus(url: url, exchange: exchange, name: name)
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
