import MartletTesting

/// Kafka as source and sink, against librdkafka alone with the same topic: librdkafka's mock cluster on one broker.
///
/// The topic is filled once; everybody reads it from its beginning.
struct KafkaBenchmark {
    private let binary: String
    private let cluster: KafkaMockCluster
    private var group = 0

    /// As many as it takes for the mock cluster, which keeps 5 MiB of each, to keep all.
    private static let partitions = 32
    /// Nobody reads what goes here.
    private static let targetPartitions = 4
    private static let events = BrokerBenchmarks.events

    static func run(binary: String, _ messages: BrokerMessages) async throws {
        Report.heading(
            """
            Kafka (librdkafka's mock cluster), \(events) records of \(SampleEvents.size) bytes in \(partitions) partitions, \
            to a topic of \(targetPartitions); the program's CPU an event (goal: Kafka out 25 µs)
            """
        )
        guard KafkaMockCluster.isInstalled else {
            Report.line("skipped", KafkaMockCluster.absenceReason)
            return
        }
        let cluster = try await KafkaMockCluster.start(topics: ["cs": partitions, "martlet": targetPartitions])
        var benchmark = KafkaBenchmark(binary: binary, cluster: cluster)
        let publishing = try await benchmark.bare("publish", "cs", messages.forKafka)
        let rounds = try await Rounds.run(within: 60) { try await benchmark.round(&$0) }
        Report.line(
            "librdkafka produces",
            Report.microseconds(publishing.microsecondsOfCPU),
            Report.rate(publishing.rate)
        )
        rounds.report("librdkafka consumes")
        rounds.report("Kafka → store", beside: "librdkafka consumes")
        rounds.report("librdkafka consumes and produces")
        rounds.report("Kafka → store → Kafka", beside: "librdkafka consumes and produces")
    }

    private mutating func round(_ rounds: inout Rounds) async throws {
        try await rounds.add("librdkafka consumes", bare("drain", "cs"))
        try await rounds.add("Kafka → store", measure(.committed))
        try await rounds.add("librdkafka consumes and produces", bare("relay", "cs", "martlet"))
        // The same bytes as librdkafka passes on.
        try await rounds.add(
            "Kafka → store → Kafka",
            measure(.delivered, to: "kafka: { \(place), topic: martlet }, body: original")
        )
    }

    private var place: String { "bootstrap-servers: [\"\(cluster.bootstrapServers)\"]" }

    private func bare(_ action: String, _ topic: String, _ second: String? = nil) async throws -> Measurement {
        let arguments = ["kafka", action, cluster.bootstrapServers, topic] + (second.map { [$0] } ?? [])
        return try await BareClient.run(events: Self.events, arguments)
    }

    private mutating func measure(
        _ progress: ServerUnderTest.Progress,
        to forwarder: String? = nil
    ) async throws -> Measurement {
        group += 1
        let configuration = """
            sources:
              bench\(group): { kafka: { \(place), topics: [cs] }, format: cloudstack }
            \(forwarder.map { "forwarders:\n  out: { \($0), start: earliest }\n" } ?? "")
            """
        return try await ServerUnderTest(binary: binary, configuration: configuration)
            .measure(progress, events: Self.events)
    }
}
