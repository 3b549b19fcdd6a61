import Foundation
import MartletTesting

/// OpenStack's notifications from RabbitMQ through the store to HTTP and to Zaqar, beside ceilometer-agent-notification on the
/// same broker, with the same messages, to the same receiver.
///
/// A queue is filled while nobody consumes: what is measured is how fast a backlog goes. Martlet commits, indexes and sends
/// the resource's document along; Ceilometer keeps nothing.
struct OpenStackBenchmark {
    private let binary: String
    private let messages: NotificationMessages
    private let broker: RabbitMQVirtualHost
    /// With queues of its own, so that a message fills one queue.
    private let ceilometersBroker: RabbitMQVirtualHost
    private let directory: URL
    private var rows: [String: [Forwarding]] = [:]
    private var zaqar: [Measurement] = []

    private static let events = 30_000
    private static let eventsForZaqar = 10_000
    /// It takes seconds for each thousand.
    private static let eventsForCeilometer = 4_000
    private static let queue = "martlet-bench"
    private static let (batched, single) = ("Martlet → HTTP, 100 a request", "Martlet → HTTP, one a request")
    private static let (ceilometer, ceilometerSingle) = (
        "Ceilometer → HTTP, batch=True", "Ceilometer → HTTP, batch=False"
    )

    static func run(binary: String) async throws {
        let messages = try NotificationMessages(events)
        Report.heading(
            """
            OpenStack: RabbitMQ → committed, indexed → out with the resource's document (body: enriched), nova's notifications of
            \(messages.size) bytes, made here, on 1,000 servers; the program's CPU an event (goals: with Ceilometer's own batching
            20 times its rate at a 60th of its CPU; one event a request 10 times)
            """
        )
        guard RabbitMQServer.isInstalled else {
            Report.line("skipped", RabbitMQServer.absenceReason)
            return
        }
        let directory = try ScratchDirectory.make()
        defer { try? FileManager.default.removeItem(at: directory) }
        let server = try await RabbitMQServer.start()
        try await server.withVirtualHost { host in
            try await server.withVirtualHost { other in
                var benchmark = OpenStackBenchmark(
                    binary: binary,
                    messages: messages,
                    broker: host,
                    ceilometersBroker: other,
                    directory: directory
                )
                try await benchmark.prepare()
                try await benchmark.runRounds(within: 180)
                benchmark.report()
            }
        }
    }

    private init(
        binary: String,
        messages: NotificationMessages,
        broker: RabbitMQVirtualHost,
        ceilometersBroker: RabbitMQVirtualHost,
        directory: URL
    ) {
        self.binary = binary
        self.messages = messages
        self.broker = broker
        self.ceilometersBroker = ceilometersBroker
        self.directory = directory
    }

    /// Has both programs' queues made as they are made by themselves.
    private func prepare() async throws {
        for host in [broker, ceilometersBroker] { try await host.makeExchange("nova", durable: false) }
        let server = try ServerUnderTest(binary: binary, configuration: configuration())
        try await server.waitUntilRunning()
        try await ceilometersBroker.makeQueue(CeilometerAgent.queue, durable: false)
        try await ceilometersBroker.bind(CeilometerAgent.queue, to: "nova", key: CeilometerAgent.queue)
    }

    private mutating func runRounds(within seconds: Double) async throws {
        let start = Measurement.now()
        var longest = 0.0
        for _ in 0..<3 where Measurement.now() - start + longest <= seconds {
            let begin = Measurement.now()
            try await runRound()
            longest = max(longest, Measurement.now() - begin)
        }
    }

    private mutating func runRound() async throws {
        for (name, batch) in [(Self.batched, 100), (Self.single, 1)] {
            try await fill(broker, Self.queue, Self.events)
            let receiver = try EventReceiver()
            let webhook = "webhook: { url: \"\(receiver.url)\", batch: \(batch), concurrency: 8 }"
            let server = try ServerUnderTest(binary: binary, configuration: configuration(to: webhook))
            rows[name, default: []].append(
                try await Forwarding.measure(Self.events, at: receiver, cpu: { server.cpu }, isFromStart: true)
            )
        }
        if ZaqarServer.isInstalled {
            try await fill(broker, Self.queue, Self.eventsForZaqar)
            let service = try await ZaqarServer.start()
            let sink = "zaqar: { url: \"\(service.url)\", queue: bench, project: p1, ttl: 1d }"
            let server = try ServerUnderTest(binary: binary, configuration: configuration(to: sink))
            zaqar.append(try await server.measure(.delivered, events: Self.eventsForZaqar))
        }
        guard CeilometerAgent.isInstalled else { return }
        for (name, batches) in [(Self.ceilometer, true), (Self.ceilometerSingle, false)] {
            try await fill(ceilometersBroker, CeilometerAgent.queue, Self.eventsForCeilometer)
            let receiver = try EventReceiver()
            let agent = try CeilometerAgent.start(
                from: ceilometersBroker.url.replacing("amqp://", with: "rabbit://"),
                to: receiver.url,
                batches: batches,
                in: directory
            )
            rows[name, default: []].append(
                try await Forwarding.measure(
                    Self.eventsForCeilometer,
                    at: receiver,
                    cpu: { agent.cpu },
                    isFromStart: false
                )
            )
        }
    }

    private func fill(_ host: RabbitMQVirtualHost, _ queue: String, _ count: Int) async throws {
        try await host.server.management.delete("/api/queues/\(host.name)/\(queue)/contents")
        _ = try await BareClient.run(events: count, ["rabbitmq", "publish", host.url, "nova", messages.file])
    }

    private func configuration(to sink: String? = nil) -> String {
        """
        sources:
          bench:
            cloud: osp
            amqp:
              transport-url: "\(broker.url.replacing("amqp://", with: "rabbit://"))"
              exchanges: [nova]
              queue: \(Self.queue)
            format: oslo
        \(sink.map { "forwarders:\n  out: { \($0), start: earliest }\n" } ?? "")
        """
    }
}

// MARK: - What is printed

extension OpenStackBenchmark {
    private func report() {
        report(Self.batched, beside: Self.ceilometer)
        report(Self.single, beside: Self.ceilometerSingle)
        if zaqar.isEmpty {
            Report.line("Martlet → Zaqar", "skipped: \(ZaqarServer.absenceReason)")
        } else {
            Report.line(
                "Martlet → Zaqar, 256 KiB a request",
                Report.microseconds(Report.percentile(zaqar.map(\.microsecondsOfCPU), 0.5)),
                Report.rate(Report.percentile(zaqar.map(\.rate), 0.5)),
                "the rate is Zaqar's"
            )
        }
        report(Self.ceilometer)
        report(Self.ceilometerSingle)
        if !CeilometerAgent.isInstalled { Report.line("Ceilometer", "skipped: \(CeilometerAgent.absenceReason)") }
    }

    private func report(_ name: String, beside other: String? = nil) {
        guard let own = rows[name] else { return }
        func median(_ values: [Double]) -> Double { Report.percentile(values, 0.5) }
        var columns = [
            Report.microseconds(median(own.map(\.measurement.microsecondsOfCPU))),
            Report.rate(median(own.map(\.measurement.rate))),
            String(format: "%5.1f a request", median(own.map(\.eventsARequest))),
            String(format: "receiver %3.0f %% busy", median(own.map(\.receiverShare)) * 100),
        ]
        if let other, let others = rows[other] {
            let pairs = zip(own, others).map { ($0.measurement, $1.measurement) }
            let rate = median(pairs.map { $0.rate / $1.rate })
            let cpu = median(pairs.map { $1.microsecondsOfCPU / $0.microsecondsOfCPU })
            columns.append(String(format: "%5.1f × Ceilometer's rate, 1/%.0f of its CPU", rate, cpu))
        }
        Report.line(name, columns.joined(separator: "  "))
    }
}
