import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

@Suite(.enabled(if: KafkaMockCluster.isInstalled, "kafka-mock is not there: Scripts/prepare-test-tools makes it"))
struct KafkaSinkFaultTests {
    @Test func `a leader that changes while events are sent loses, repeats and reorders none`() async throws {
        try await KafkaOutlet.with(brokers: 3) { outlet in
            let moves = 6
            async let moving: Void = {
                for move in 1...moves {
                    try await outlet.cluster.moveLeader(of: KafkaOutlet.topic, 0, toBroker: move % 3 + 1)
                }
            }()
            var ids: [String] = []
            for batch in 0..<40 {
                let part = (0..<25).map { "\(batch * 25 + $0)" }
                ids += part
                #expect(await outlet.send(part).allSatisfy { $0 == .delivered })
            }
            try await moving
            #expect(try await outlet.receivedIDs() == ids)
        }
    }

    @Test func `a broker that goes and comes back in time costs nothing`() async throws {
        try await KafkaOutlet.with { outlet in
            #expect(await outlet.send(["1"]) == [.delivered])
            try await outlet.cluster.takeDown()
            async let outcomes = outlet.send(["2", "3"])
            try await outlet.cluster.bringUp()
            #expect(await outcomes == [.delivered, .delivered])
            #expect(try await outlet.receivedIDs() == ["1", "2", "3"])
        }
    }

    @Test func `requests that the broker fails for a while are repeated without repetition`() async throws {
        try await KafkaOutlet.with { outlet in
            // Not the leader, a time-out, a cut connection, too few replicas in sync.
            for code: Int32 in [6, 7, -195, 19] { try await outlet.cluster.fail(0, with: code) }
            #expect(await outlet.send(["1", "2"]) == [.delivered, .delivered])
            #expect(await outlet.send(["3"]) == [.delivered])
            #expect(try await outlet.receivedIDs() == ["1", "2", "3"])
        }
    }

    @Test func `where nobody listens the sink says where, and what to look at`() async throws {
        let port = try FreePort.next()
        let sink = try KafkaOutlet.makeSink("127.0.0.1:\(port)", ["timeout": .duration(.seconds(1))])
        let outcome = await sink.send(OutgoingBatch(id: "b", events: [.sample("1"), .sample("2")]))
        await sink.close()
        guard case .each(let outcomes) = outcome else { return #expect(Bool(false)) }
        #expect(outcomes[1] == .untried)
        #expect(outcomes[0].isUnavailable)
        let reason = outcomes[0].reason ?? ""
        #expect(reason.contains("kafka://127.0.0.1:\(port)"), "\(reason)")
        #expect(reason.contains("Connection refused"), "\(reason)")
        #expect(reason.contains("advertised.listeners"), "\(reason)")
    }

    @Test(
        arguments: [
            (3, "the topic “out” does not exist"), (29, "the user may not use the topic “out”"),
        ] as [(Int32, String)]
    )
    func `a topic that is not there, or not allowed, is waited for`(_ code: Int32, _ reason: String) async throws {
        let properties = ["topic.metadata.propagation.max.ms": "100"]
        try await KafkaOutlet.with(settings: ["timeout": .duration(.seconds(2))], properties: properties) { outlet in
            try await outlet.cluster.setError(code, ofTopic: KafkaOutlet.topic)
            let outcomes = await outlet.send(["1", "2"])
            #expect(outcomes[0].isUnavailable)
            #expect(outcomes[0].reason?.contains(reason) == true, "\(outcomes[0].reason ?? "")")
            #expect(outcomes[1] == .untried)
            try await outlet.cluster.setError(0, ofTopic: KafkaOutlet.topic)
            #expect(await outlet.send(["1", "2"]) == [.delivered, .delivered])
            #expect(try await outlet.receivedIDs() == ["1", "2"])
        }
    }

    @Test func `a user who may not write is told what to grant`() async throws {
        try await KafkaOutlet.with { outlet in
            try await outlet.cluster.fail(0, with: 29)
            let outcomes = await outlet.send(["1", "2"])
            #expect(outcomes[0].isUnavailable)
            #expect(outcomes[0].reason?.contains("Describe and Write to a sink (kafka-acls)") == true)
            #expect(await outlet.send(["1", "2"]) == [.delivered, .delivered])
        }
    }

    @Test func `a partition without a leader is waited for and named`() async throws {
        try await KafkaOutlet.with(settings: ["timeout": .duration(.seconds(2))]) { outlet in
            try await outlet.cluster.moveLeader(of: KafkaOutlet.topic, 0, toBroker: -1)
            let outcomes = await outlet.send(["1"])
            #expect(outcomes[0].reason?.contains("partition 0 of the topic “out” has no leader") == true)
            try await outlet.cluster.moveLeader(of: KafkaOutlet.topic, 0, toBroker: 1)
            #expect(await outlet.send(["1"]) == [.delivered])
        }
    }

    @Test func `where idempotence is not allowed it goes on without, and says so once`() async throws {
        let log = LogCapture()
        try await KafkaOutlet.with(logger: log.logger) { outlet in
            // InitProducerId: the cluster's rights do not allow it.
            try await outlet.cluster.fail(22, with: 31, count: 1_000)
            #expect(await outlet.send(["1", "2"]) == [.delivered, .delivered])
            #expect(await outlet.send(["3"]) == [.delivered])
            #expect(try await outlet.receivedIDs() == ["1", "2", "3"])
            #expect(log.warnings.filter { $0.hasPrefix("The brokers refuse idempotence") }.count == 1)
        }
    }

    @Test func `brokers that are older than idempotence are written to without`() async throws {
        let log = LogCapture()
        try await KafkaOutlet.with(logger: log.logger) { outlet in
            try await outlet.cluster.setVersions(ofRequest: 22, from: -1, to: -1)
            #expect(await outlet.send(["1", "2"]) == [.delivered, .delivered])
            #expect(try await outlet.receivedIDs() == ["1", "2"])
            #expect(log.warnings.filter { $0.hasPrefix("The brokers refuse idempotence") }.count == 1)
        }
    }

    @Test func `a cancelled send returns at once, and nothing of it arrives later`() async throws {
        try await KafkaOutlet.with { outlet in
            #expect(await outlet.send(["1"]) == [.delivered])
            try await outlet.cluster.takeDown()
            // A task of its own, because cancelling it is what is tried; its value is awaited below.
            let sending = Task { await outlet.send(["2", "3"]) }
            sending.cancel()
            let outcomes = await sending.value
            #expect(outcomes[0].isUnavailable)
            #expect(outcomes[1] == .untried)
            try await outlet.cluster.bringUp()
            #expect(await outlet.send(["4"]) == [.delivered])
            let received = try await outlet.receivedIDs()
            #expect(received == ["1", "4"])
        }
    }

    @Test func `a client that librdkafka gives up is replaced`() async throws {
        try await KafkaOutlet.with { outlet in
            #expect(await outlet.send(["1"]) == [.delivered])
            // The broker has forgotten the producer: fatal for an idempotent one whose records are on their way.
            try await outlet.cluster.fail(0, with: 45)
            var outcomes = await outlet.send(["2", "3"])
            if outcomes != [.delivered, .delivered] {
                #expect(outcomes[0].isUnavailable)
                outcomes = await outlet.send(["2", "3"])
            }
            #expect(outcomes == [.delivered, .delivered])
            let received = try await outlet.receivedIDs()
            #expect(received.suffix(2) == ["2", "3"])
        }
    }
}
