import Logging
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting

@testable import MartletKafka

/// A Kafka sink and the cluster that it writes to.
struct KafkaOutlet {
    static let topic = "out"

    let cluster: KafkaMockCluster
    let sink: KafkaSink

    /// Runs a body with a new cluster and a new sink.
    ///
    /// - Parameters:
    ///   - partitions: of the topic.
    ///   - settings: more fields of the sink.
    ///   - properties: more of librdkafka's.
    static func with(
        brokers: Int = 1,
        partitions: Int = 1,
        settings: [String: ComponentSettings.Value] = [:],
        properties: [String: String] = [:],
        body form: BodyForm = .event,
        logger: Logger? = nil,
        _ body: (KafkaOutlet) async throws -> Void
    ) async throws {
        let cluster = try await KafkaMockCluster.start(brokers: brokers, topics: [topic: partitions])
        let sink = try makeSink(cluster.bootstrapServers, settings, properties, form, logger)
        try await body(KafkaOutlet(cluster: cluster, sink: sink))
        await sink.close()
    }

    static func makeSink(
        _ servers: String,
        _ settings: [String: ComponentSettings.Value] = [:],
        _ properties: [String: String] = [:],
        _ form: BodyForm = .event,
        _ logger: Logger? = nil
    ) throws -> KafkaSink {
        // A test need not wait for a connection that comes back.
        let quick = ["reconnect.backoff.ms": "50", "reconnect.backoff.max.ms": "100"]
        let own: [String: ComponentSettings.Value] = [
            "topic": .string(topic), "bootstrap-servers": .string(servers),
            "properties": .table(quick.merging(properties) { $1 }),
        ]
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try KafkaSink(
            settings: ComponentSettings(own.merging(settings) { $1 }),
            context: ComponentContext(name: "test", body: form, time: ManualTime(), logger: logger ?? silent)
        )
    }

    /// Sends events of these ids as one batch.
    func send(_ ids: [String]) async -> [DeliveryOutcome] { await send(ids.map { OutgoingEvent.sample($0) }) }

    func send(_ events: [OutgoingEvent]) async -> [DeliveryOutcome] {
        switch await sink.send(OutgoingBatch(id: "batch", events: events)) {
        case .whole(let outcome): Array(repeating: outcome, count: events.count)
        case .each(let outcomes): outcomes
        }
    }

    /// The ids of the events in the topic, as kcat reads them.
    func receivedIDs() async throws -> [String] {
        try await Kcat.consume(Self.topic, at: cluster.bootstrapServers).map { line in
            try JSONDocument(parsing: Array(line.utf8)).root["id"]?.string ?? ""
        }
    }

    /// The records of the topic in kcat's form.
    func received(_ format: String) async throws -> [String] {
        try await Kcat.consume(Self.topic, format: format, at: cluster.bootstrapServers)
    }
}

extension OutgoingEvent {
    /// An original of this body, about a virtual machine of this id.
    static func original(_ body: String, resource: String?) -> OutgoingEvent {
        var event = OutgoingEvent.sample("1")
        event.event = event.event.with { fields in
            fields.resource = resource.map { ResourceReference(type: "VirtualMachine", id: $0) }
        }
        event.body = Array(body.utf8)
        event.form = .original
        return event
    }
}

extension DeliveryOutcome {
    /// Why, where it was not delivered.
    var reason: String? {
        switch self {
        case .delivered, .untried: nil
        case .retry(let reason, _), .reject(let reason), .unavailable(let reason, _), .gone(let reason): reason
        }
    }

    var isUnavailable: Bool { if case .unavailable = self { true } else { false } }

    var isRejected: Bool { if case .reject = self { true } else { false } }
}
