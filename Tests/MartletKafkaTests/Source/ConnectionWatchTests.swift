import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

@Suite struct ConnectionWatchTests {
    private static let partition = KafkaPartition(topic: "cs", number: 0)
    private static let cursors = [partition: PartitionCursor(startingAt: 0)]

    private static func withWatch(
        _ body: @Sendable (SourceMonitor, inout ConnectionWatch) throws -> Void
    ) async throws {
        try await SourceRig.withRig { rig in
            let health = SourceHealth(monitor: rig.port.monitor, place: "kafka://k1:9092")
            health.begins()
            var watch = ConnectionWatch(port: rig.port, health: health, place: "kafka://k1:9092")
            try body(rig.port.monitor, &watch)
        }
    }

    private static func error(_ code: KafkaError.Code, topic: String? = nil) -> KafkaError {
        KafkaError(code, "no", at: "kafka://k1:9092", remedy: "grant it", topic: topic)
    }

    @Test func `a topic that is refused while it is read stays told of until something of it comes`() async throws {
        try await Self.withWatch { monitor, watch in
            watch.take(Self.error(.accessRefused, topic: "cs"), reading: ["cs", "usage"])
            #expect(monitor.snapshot.warnings["topic cs"] != nil)
            #expect(monitor.snapshot.state == .running)
            let statistics = try #require(KafkaStatistics(json: #"{"brokers": {"k1": {"state": "UP"}}}"#))
            watch.take(statistics, cursors: Self.cursors)
            #expect(monitor.snapshot.warnings["topic cs"] != nil)
            watch.hasRead("usage")
            #expect(monitor.snapshot.warnings["topic cs"] != nil)
            watch.hasRead("cs")
            #expect(monitor.snapshot.warnings.isEmpty)
        }
    }

    @Test func `a source of which all topics are refused does not run`() async throws {
        try await Self.withWatch { monitor, watch in
            watch.take(Self.error(.accessRefused, topic: "cs"), reading: ["cs"])
            #expect(monitor.snapshot.state == .failing)
            let statistics = try #require(KafkaStatistics(json: #"{"brokers": {"k1": {"state": "UP"}}}"#))
            watch.take(statistics, cursors: Self.cursors)
            #expect(monitor.snapshot.state == .failing)
            watch.hasRead("cs")
            #expect(monitor.snapshot.state == .running)
        }
    }

    @Test func `a topic that was missing is no more when there are partitions of it`() async throws {
        try await Self.withWatch { monitor, watch in
            watch.take(Self.error(.missing, topic: "cs"), reading: ["usage"])
            #expect(monitor.snapshot.warnings["topic cs"] != nil)
            let statistics = try #require(KafkaStatistics(json: "{}"))
            watch.take(statistics, cursors: Self.cursors)
            #expect(monitor.snapshot.warnings["topic cs"] == nil)
        }
    }

    @Test func `a trouble of which nobody says when it ends is forgotten after a minute`() async throws {
        try await Self.withWatch { monitor, watch in
            watch.take(Self.error(.init(rawValue: "kafka.other")), reading: ["cs"])
            #expect(monitor.snapshot.warnings["kafka"] != nil)
            let statistics = try #require(KafkaStatistics(json: #"{"brokers": {"k1": {"state": "UP"}}}"#))
            for _ in 0..<60 { watch.take(statistics, cursors: Self.cursors) }
            #expect(monitor.snapshot.warnings["kafka"] != nil)
            watch.take(statistics, cursors: Self.cursors)
            #expect(monitor.snapshot.warnings["kafka"] == nil)
        }
    }

    @Test func `nobody who answers at the start is told of at once`() async throws {
        try await Self.withWatch { monitor, watch in
            watch.takeRefusal(Self.error(.unreachable))
            #expect(monitor.snapshot.state == .failing)
            #expect(monitor.snapshot.problem?.what == "no broker answers: no")
        }
    }
}
