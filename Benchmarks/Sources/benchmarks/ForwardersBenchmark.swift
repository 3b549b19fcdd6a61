import Foundation
import Logging
import Martlet
import MartletPipeline
import MartletStore

/// What dead forwarders cost the others: the intake with a hundred living forwarders, alone and with a hundred dead ones
/// beside them. The store is the real one, the sinks are stand-ins that answer at once.
enum ForwardersBenchmark {
    private static let topics = 20
    private static let batchSize = 100

    static func run() async throws {
        Report.heading("Forwarders in process: committed and delivered, each event to five living forwarders")
        // The first run warms up the machine, and the order changes between the others.
        _ = try await measure(dead: 0, batches: 50)
        var without: [Double] = []
        var with: [Double] = []
        for round in 0..<3 {
            for dead in round.isMultiple(of: 2) ? [0, 100] : [100, 0] {
                let result = try await measure(dead: dead, batches: 300)
                Report.line(
                    dead == 0 ? "100 living forwarders" : "100 living and 100 dead forwarders",
                    Report.rate(result.rate),
                    Report.microseconds(result.microsecondsOfCPU)
                )
                if dead == 0 { without.append(result.rate) } else { with.append(result.rate) }
            }
        }
        let ratio = Report.percentile(with, 0.5) / Report.percentile(without, 0.5)
        Report.line("the intake with the dead ones", Report.ratio(ratio, "the intake without"))
    }

    private static func measure(dead: Int, batches: Int) async throws -> Measurement {
        let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try await SQLiteEventStore.open(at: directory.path, options: StoreOptions())
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let dispatcher = Dispatcher(head: .zero)
        let intake = Intake(store: store, dispatcher: dispatcher, time: SystemTime(), logger: logger)
        var forwarders: [Forwarder] = []
        for number in 0..<(100 + dead) {
            let sink = AnsweringSink(outcome: number < 100 ? .delivered : .unavailable("No connection."))
            let pattern = try TopicPattern("t\(number % topics)")
            let name = "f\(number)"
            forwarders.append(
                Forwarder(
                    Forwarder.Configuration(
                        name: name,
                        filter: EventFilter(matches: [.init(pattern: pattern)]),
                        body: .event,
                        gate: Gate(),
                        window: DeliveryWindow.Configuration(delivery: sink.delivery)
                    ),
                    record: try await store.openForwarder(name: name, start: .zero),
                    sink: sink,
                    store: store,
                    intake: intake,
                    dispatcher: dispatcher,
                    time: SystemTime(),
                    logger: logger
                )
            )
        }
        let measurement = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await intake.run() }
            for forwarder in forwarders { group.addTask { await forwarder.run() } }
            let measurement = try await Measurement.of(events: batches * batchSize) {
                try await withThrowingTaskGroup(of: Void.self) { clients in
                    for client in 0..<4 {
                        clients.addTask {
                            for batch in 0..<batches / 4 {
                                _ = try await intake.submit(events(client, batch))
                            }
                        }
                    }
                    try await clients.waitForAll()
                }
            }
            for forwarder in forwarders { forwarder.stop() }
            intake.stop()
            try await group.waitForAll()
            return measurement
        }
        try await store.close()
        return measurement
    }

    private static func events(_ client: Int, _ batch: Int) -> IntakeBatch {
        let items = (0..<batchSize).map { number in
            var fields = Event.Fields(
                id: "\(client)-\(batch)-\(number)",
                source: "/s",
                type: "t",
                cloud: "c",
                topic: Topic(text: "t\(number % topics)"),
                payload: Payload(json: SampleEvents.action(resource: number)[...])
            )
            fields.resource = ResourceReference(type: "VirtualMachine", id: "vm\(number)")
            return IntakeItem.event(Event(fields: fields), nil)
        }
        return IntakeBatch(source: "bench", items: items)
    }
}

/// A destination that answers at once, and always the same.
private struct AnsweringSink: Sink {
    let delivery = SinkDelivery(mode: .independent, maximumEvents: 1, concurrency: 8)
    let outcome: DeliveryOutcome

    func send(_ batch: OutgoingBatch) async -> BatchOutcome { .whole(outcome) }

    func close() async {}
}
