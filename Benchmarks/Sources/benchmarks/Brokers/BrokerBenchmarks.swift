/// From a broker through the store to a broker or to HTTP, beside what the broker's library does alone in the same run.
enum BrokerBenchmarks {
    static let events = 100_000

    static func run(binary: String) async throws {
        let messages = try BrokerMessages()
        try await RabbitMQBenchmark.run(binary: binary, messages)
        try await KafkaBenchmark.run(binary: binary, messages)
    }
}
