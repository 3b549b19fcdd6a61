import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

@Suite struct ConnectionWatchTests {
    private static let partition = KafkaPartition(topic: "cs", number: 0)
    private static let cursors = [partition: PartitionCursor(startingAt: 0)]

    private static func withWatch(
        topics: [String] = ["cs"],
        _ body: @Sendable (SourceMonitor, inout ConnectionWatch) throws -> Void
    ) async throws {
        try await SourceRig.withRig { rig in
            let health = SourceHealth(monitor: rig.port.monitor, place: "kafka://k1:9092")
            health.begins()
            var watch = ConnectionWatch(port: rig.port, health: health, place: "kafka://k1:9092", topics: topics)
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
            watch.take(statistics, cursors: Self.cursors, hasOffer: false)
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
            watch.take(statistics, cursors: Self.cursors, hasOffer: false)
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
            watch.take(statistics, cursors: Self.cursors, hasOffer: false)
            #expect(monitor.snapshot.warnings["topic cs"] == nil)
        }
    }

    @Test func `a trouble of which nobody says when it ends is forgotten after a minute`() async throws {
        try await Self.withWatch { monitor, watch in
            watch.take(Self.error(.init(rawValue: "kafka.other")), reading: ["cs"])
            #expect(monitor.snapshot.warnings["kafka"] != nil)
            let statistics = try #require(KafkaStatistics(json: #"{"brokers": {"k1": {"state": "UP"}}}"#))
            for _ in 0..<60 { watch.take(statistics, cursors: Self.cursors, hasOffer: false) }
            #expect(monitor.snapshot.warnings["kafka"] != nil)
            watch.take(statistics, cursors: Self.cursors, hasOffer: false)
            #expect(monitor.snapshot.warnings["kafka"] == nil)
        }
    }

    @Test(arguments: [["cs"], ["cs", "usage"], ["^cs.*"]])
    func `being given nothing is told of after five seconds, and is over with the next assignment`(
        _ topics: [String]
    ) async throws {
        try await Self.withWatch(topics: topics) { monitor, watch in
            let statistics = try #require(KafkaStatistics(json: #"{"brokers": {"k1": {"state": "UP"}}}"#))
            // Until the group has answered, and while the broker has not said where to begin, nobody has anything.
            for _ in 0..<9 { watch.take(statistics, cursors: [:], hasOffer: false) }
            watch.isGivenNothing = true
            for _ in 0..<9 { watch.take(statistics, cursors: [:], hasOffer: true) }
            // Of two topics one may be missing.
            if topics.count > 1 { watch.take(Self.error(.missing, topic: "cs"), reading: ["usage"]) }
            for _ in 0..<4 { watch.take(statistics, cursors: [:], hasOffer: false) }
            #expect(monitor.snapshot.state == .running)
            watch.take(statistics, cursors: [:], hasOffer: false)
            #expect(monitor.snapshot.state == .failing)
            let what = "another member of the consumer group has every partition"
            #expect(monitor.snapshot.problem?.what == what + (topics == ["^cs.*"] ? ", or no topic matches" : ""))
        }
    }

    @Test func `where all topics are missing, that is what is told`() async throws {
        try await Self.withWatch(topics: ["cs", "usage"]) { monitor, watch in
            let statistics = try #require(KafkaStatistics(json: #"{"brokers": {"k1": {"state": "UP"}}}"#))
            for topic in ["usage", "cs"] { watch.take(Self.error(.missing, topic: topic), reading: ["cs"]) }
            watch.isGivenNothing = true
            for _ in 0..<5 { watch.take(statistics, cursors: [:], hasOffer: false) }
            #expect(monitor.snapshot.problem?.what == "no")
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
