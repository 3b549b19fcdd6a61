import Martlet
import MartletPipeline
import MartletTesting

@testable import MartletKafka

/// A mock cluster with a topic of its own, and what a source that reads it is made of.
struct SourceBench: Sendable {
    static let topic = "cs"

    let cluster: KafkaMockCluster
    let rig: SourceRig

    static func withBench(
        brokers: Int = 1,
        partitions: Int = 1,
        _ body: @Sendable (SourceBench) async throws -> Void
    ) async throws {
        let cluster = try await KafkaMockCluster.start(brokers: brokers, topics: [topic: partitions])
        try await SourceRig.withRig { rig in try await body(SourceBench(cluster: cluster, rig: rig)) }
    }

    /// Fields that lead to the cluster, quick to see what is new there.
    static func settings(
        _ cluster: KafkaMockCluster,
        topics: [String] = [topic],
        strategy: String = "cooperative-sticky",
        _ fields: [String: ComponentSettings.Value] = [:]
    ) -> ComponentSettings {
        ComponentSettings(
            [
                "bootstrap-servers": .strings([cluster.bootstrapServers]),
                "topics": .strings(topics),
                "properties": .table([
                    "topic.metadata.refresh.interval.ms": "500",
                    "partition.assignment.strategy": strategy,
                    "fetch.wait.max.ms": "50",
                    "fetch.error.backoff.ms": "50",
                    "reconnect.backoff.max.ms": "200",
                    "heartbeat.interval.ms": "200",
                    // The mock has the first member that joins an abandoned group wait for nearly this long.
                    "session.timeout.ms": "4000",
                ]),
            ].merging(fields) { $1 }
        )
    }

    func makeSource(
        topics: [String] = [topic],
        strategy: String = "cooperative-sticky",
        _ fields: [String: ComponentSettings.Value] = [:],
        port: SourcePort? = nil
    ) throws -> KafkaSource {
        try KafkaSource(
            settings: Self.settings(cluster, topics: topics, strategy: strategy, fields),
            port: port ?? rig.port,
            store: rig.store,
            context: rig.context
        )
    }

    /// Produces CloudEvents of these ids.
    func produce(_ ids: [String], partition: Int = 0) async throws {
        try await Kcat.produce(
            SourceRig.lines(ids),
            to: Self.topic,
            partition: partition,
            at: cluster.bootstrapServers
        )
    }

    /// Has the store know a place.
    func store(_ place: String, partition: Int = 0) async throws {
        let checkpoint = Checkpoint(key: "\(Self.topic)/\(partition)", value: place)
        _ = try await rig.intake.submit(IntakeBatch(source: rig.port.name, items: [], checkpoints: [checkpoint]))
    }

    func storedPlace(partition: Int = 0) async throws -> KafkaPlace? {
        try await rig.store.checkpoint(source: rig.port.name, key: "\(Self.topic)/\(partition)").flatMap {
            KafkaPlace($0)
        }
    }

    /// The alerts of gaps that have been committed.
    func gaps() async throws -> [Event] {
        try await rig.store.page(after: .zero, limit: .max, maximumBytes: .max).map(\.event)
            .filter { $0.type == "martlet.source.gap" }
    }

    /// The ids of the events that are no alerts, in log order.
    func eventIDs() async throws -> [String] {
        try await rig.store.page(after: .zero, limit: .max, maximumBytes: .max).map(\.event)
            .filter { !$0.type.hasPrefix("martlet.") }.map(\.id)
    }

    func waitForRunning() async throws {
        try await rig.wait(for: "running source") { rig.port.monitor.snapshot.state == .running }
    }
}
