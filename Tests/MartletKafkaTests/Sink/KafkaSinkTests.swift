import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

@Suite(.enabled(if: KafkaMockCluster.isInstalled, "kafka-mock is not there: Scripts/prepare-test-tools makes it"))
struct KafkaSinkTests {
    private static let conformance = SinkConformance { body in
        try await KafkaOutlet.with(settings: ["timeout": .duration(.seconds(2))]) { outlet in
            try await body(
                outlet.sink,
                SinkConformance.Destination(
                    received: { try await outlet.receivedIDs() },
                    fail: { try await outlet.cluster.takeDown() },
                    mend: { try await outlet.cluster.bringUp() },
                    hang: { try await outlet.cluster.takeDown() }
                )
            )
        }
    }

    @Test(arguments: SinkConformance.Clause.all)
    func `the sink keeps the contract of sinks`(_ clause: SinkConformance.Clause) async throws {
        try await Self.conformance.run(clause)
    }

    @Test func `a CloudEvent goes as one text, under its partition key`() async throws {
        try await KafkaOutlet.with { outlet in
            #expect(await outlet.send(["7"]) == [.delivered])
            let records = try await outlet.received("%k|%h|%s\n")
            let body = String(decoding: OutgoingEvent.sample("7").body, as: UTF8.self)
            #expect(records == ["test/VirtualMachine/7|content-type=application/cloudevents+json|\(body)"])
        }
    }

    @Test func `in binary mode attributes are headers and the value is the data`() async throws {
        try await KafkaOutlet.with(settings: ["cloudevents": .string("binary")]) { outlet in
            var event = OutgoingEvent.sample("7")
            event.body = Array(#"{"specversion":"1.0","id":"7","subject":"é","redacted":true,"data":{"a":[1]}}"#.utf8)
            #expect(await outlet.send([event]) == [.delivered])
            let records = try await outlet.received("%h|%s\n")
            let headers = "ce_specversion=1.0,ce_id=7,ce_subject=é,ce_redacted=true,content-type=application/json"
            #expect(records == ["\(headers)|{\"a\":[1]}"])
        }
    }

    @Test func `an original cannot be told from CloudStack's own record`() async throws {
        try await KafkaOutlet.with(body: .original) { outlet in
            let events = [
                OutgoingEvent.original(#"{"event":"VM.START"}"#, resource: "9c3d1e42"),
                OutgoingEvent.original(#"{"event":"ALERT"}"#, resource: nil),
            ]
            #expect(await outlet.send(events) == [.delivered, .delivered])
            // kcat writes the length of a key that is not there as -1.
            let records = try await outlet.received("%K|%k|%h|%s\n")
            #expect(records == [#"8|9c3d1e42||{"event":"VM.START"}"#, #"-1|||{"event":"ALERT"}"#])
        }
    }

    @Test func `a key goes to the partition that Java's clients choose`() async throws {
        // The hashes that Kafka's own test of its murmur2 expects.
        let hashes: [(key: String, hash: Int32)] = [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829), ("abc", 479_470_107),
        ]
        try await KafkaOutlet.with(partitions: 7, body: .original) { outlet in
            let events = hashes.map { OutgoingEvent.original($0.key, resource: $0.key) }
            #expect(await outlet.send(events).allSatisfy { $0 == .delivered })
            let records = try await outlet.received("%k %p\n")
            #expect(Set(records) == Set(hashes.map { "\($0.key) \(($0.hash & 0x7FFF_FFFF) % 7)" }))
        }
    }

    @Test func `an event that is too large is refused, and no other`() async throws {
        try await KafkaOutlet.with(properties: ["message.max.bytes": "4000"]) { outlet in
            let large = OutgoingEvent.original(String(repeating: "x", count: 8_000), resource: "large")
            let events =
                ["1", "2"].map { OutgoingEvent.sample($0) } + [large] + ["3", "4"].map { OutgoingEvent.sample($0) }
            let outcomes = await outlet.send(events)
            #expect(outcomes.enumerated().allSatisfy { $0.offset == 2 || $0.element == .delivered })
            #expect(outcomes[2].isRejected)
            #expect(
                outcomes[2].reason?.contains("raise message.max.bytes here, and max.message.bytes of the topic") == true
            )
            let received = try await outlet.receivedIDs()
            #expect(received == ["1", "2", "3", "4"])
        }
    }

    @Test func `an event of 100 MB is refused`() async throws {
        try await KafkaOutlet.with { outlet in
            let body = String(repeating: "x", count: 100_000_000)
            #expect(await outlet.send([.original(body, resource: "a")]).map(\.isRejected) == [true])
            #expect(await outlet.send(["1"]) == [.delivered])
        }
    }

    @Test func `an event for which there is never room is refused`() async throws {
        let properties = ["queue.buffering.max.kbytes": "8", "message.max.bytes": "100000"]
        try await KafkaOutlet.with(properties: properties) { outlet in
            let large = OutgoingEvent.original(String(repeating: "x", count: 50_000), resource: "large")
            let outcomes = await outlet.send([.sample("1"), large, .sample("2")])
            #expect(outcomes.map(\.isRejected) == [false, true, false])
            // More than there is room for at once has to wait for room.
            let ids = (3..<203).map { "\($0)" }
            #expect(await outlet.send(ids).allSatisfy { $0 == .delivered })
            let received = try await outlet.receivedIDs()
            #expect(received == ["1", "2"] + ids)
        }
    }

    @Test func `of records that the broker refuses together only the culprit is rejected`() async throws {
        try await KafkaOutlet.with { outlet in
            #expect(await outlet.send(["0"]) == [.delivered])
            // All three, then the first alone, which is it.
            try await outlet.cluster.fail(0, with: 87, count: 2)
            let outcomes = await outlet.send(["1", "2", "3"])
            #expect(outcomes.map(\.isRejected) == [true, false, false])
            #expect(outcomes[1...] == [.delivered, .delivered])
            #expect(try await outlet.receivedIDs() == ["0", "2", "3"])
        }
    }
}
