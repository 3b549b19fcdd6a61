import MartletTesting

/// RabbitMQ as source and sink, against rabbitmq-c alone with the same queues, messages and prefetch.
///
/// The source's queue is filled while nobody consumes: what is measured is how fast a backlog goes.
struct RabbitMQBenchmark {
    private let binary: String
    private let messages: BrokerMessages
    private let host: RabbitMQVirtualHost

    private static let queue = "martlet-bench"
    private static let queueType = "quorum"
    private static let events = BrokerBenchmarks.events

    static func run(binary: String, _ messages: BrokerMessages) async throws {
        Report.heading(
            """
            RabbitMQ, a \(queueType) queue of \(events) persistent messages of \(SampleEvents.size) bytes, drained; the \
            program's CPU an event (goals: HTTP out 25 µs; RabbitMQ out 30 µs, 0.75 of rabbitmq-c)
            """
        )
        guard RabbitMQServer.isInstalled else {
            Report.line("skipped", RabbitMQServer.absenceReason)
            return
        }
        let broker = try await RabbitMQServer.start()
        // The broker ends with the value, and its files with it.
        let rounds = try await broker.withVirtualHost { host in
            let benchmark = RabbitMQBenchmark(binary: binary, messages: messages, host: host)
            try await benchmark.prepare()
            return try await Rounds.run(within: 150) { try await benchmark.round(&$0) }
        }
        rounds.report("rabbitmq-c publishes")
        rounds.report("rabbitmq-c drains")
        rounds.report("RabbitMQ → store", beside: "rabbitmq-c drains")
        rounds.report("RabbitMQ → store → HTTP, 100 a request", beside: "rabbitmq-c drains")
        rounds.report("rabbitmq-c drains and publishes")
        rounds.report("RabbitMQ → store → RabbitMQ", beside: "rabbitmq-c drains and publishes")
    }

    /// Has the source make its queue, which stays when it goes.
    private func prepare() async throws {
        try await host.makeExchange("cloudstack-events")
        try await host.makeExchange("martlet")
        let server = try ServerUnderTest(binary: binary, configuration: configuration())
        try await server.waitUntilRunning()
    }

    private func round(_ rounds: inout Rounds) async throws {
        try await fill(&rounds)
        try await rounds.add("rabbitmq-c drains", bare("drain", Self.queue))
        try await fill(&rounds)
        try await rounds.add("RabbitMQ → store", measure(.committed, configuration()))
        try await fill(&rounds)
        let receiver = try CountingReceiver()
        defer { withExtendedLifetime(receiver) {} }
        let http = "webhook: { url: \"\(receiver.url)\", batch: 100, concurrency: 8 }, body: event"
        try await rounds.add("RabbitMQ → store → HTTP, 100 a request", measure(.delivered, configuration(to: http)))
        try await fill(&rounds)
        try await rounds.add("rabbitmq-c drains and publishes", bare("relay", Self.queue, "martlet"))
        try await fill(&rounds)
        // The same bytes under the same keys as rabbitmq-c passes on.
        let relay = "amqp: { url: \"\(host.url)\", exchange: martlet, routing-key: original }, body: original"
        try await rounds.add("RabbitMQ → store → RabbitMQ", measure(.delivered, configuration(to: relay)))
    }

    /// Fills the source's queue, and has an empty one where things go.
    private func fill(_ rounds: inout Rounds) async throws {
        let queues = "/api/queues/\(host.name)"
        try await host.server.management.delete("\(queues)/\(Self.queue)/contents")
        try await host.deleteQueue("out")
        try await host.makeQueue("out")
        try await host.bind("out", to: "martlet")
        try await rounds.add("rabbitmq-c publishes", bare("publish", "cloudstack-events", messages.forRabbitMQ))
    }

    private func bare(_ action: String, _ name: String, _ second: String? = nil) async throws -> Measurement {
        let arguments = ["rabbitmq", action, host.url, name] + (second.map { [$0] } ?? [])
        return try await BareClient.run(events: Self.events, arguments)
    }

    private func measure(_ progress: ServerUnderTest.Progress, _ configuration: String) async throws -> Measurement {
        try await ServerUnderTest(binary: binary, configuration: configuration).measure(progress, events: Self.events)
    }

    private func configuration(to forwarder: String? = nil) -> String {
        """
        sources:
          bench: { amqp: { url: "\(host.url)", queue-type: \(Self.queueType) }, format: cloudstack }
        \(forwarder.map { "forwarders:\n  out: { \($0), start: earliest }\n" } ?? "")
        """
    }
}
