import Foundation
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

/// What CloudStack's Kafka plug-in produces, produced by a client that knows nothing of Martlet.
@Suite(.enabled(if: KafkaMockCluster.isInstalled, "\(KafkaMockCluster.absenceReason)"), .timeLimit(.minutes(3)))
struct CloudStackOverKafkaTests {
    /// Bodies of CloudStack's shapes with their keys: an action, a change of state, an alert without a key, a usage record.
    private static let records: [(key: String, body: String)] = [
        (
            "9c3d1e42-8a05-4b6f-a1c7-2d4e6f8a0b03",
            #"""
            {"eventDateTime":"2026-01-30 11:38:35 +0000","status":"Started","description":"Starting Vm.","event":"VM.START","entity":"VirtualMachine","entityuuid":"9c3d1e42-8a05-4b6f-a1c7-2d4e6f8a0b03","account":"5f2a9d30-7b41-4c58-8d17-3e9c0a4b5c02","user":"0b4f0e6a-2c1d-4f0b-9a51-6a0b7c1d2e01"}
            """#
        ),
        (
            "9c3d1e42-8a05-4b6f-a1c7-2d4e6f8a0b03",
            #"""
            {"id":"9c3d1e42-8a05-4b6f-a1c7-2d4e6f8a0b03","resource":"VirtualMachine","old-state":"Starting","new-state":"Running","status":"postStateTransitionEvent","eventDateTime":"2026-01-30 11:38:40 +0000"}
            """#
        ),
        (
            "",
            #"{"subject":"Host down","body":"Host h1 is down","dataCenterId":"1","eventDateTime":"2026-01-30 11:39:00 +0000"}"#
        ),
    ]

    @Test func `the file that CloudStack's guide has people write is enough to read its topic`() async throws {
        try await SourceBench.withBench { bench in
            let directory = try ScratchDirectory.make()
            defer { try? FileManager.default.removeItem(at: directory) }
            let file = directory.appending(path: "kafka.producer.properties")
            let text = "bootstrap.servers=\(bench.cluster.bootstrapServers)\nacks=all\ntopic=cs\nretries=1\n"
            try Data(text.utf8).write(to: file)
            let lines = Self.records.map { "\($0.key)|\($0.body)\n" }.joined()
            try await Kcat.produce(
                lines,
                to: SourceBench.topic,
                options: ["-K", "|", "-Z"],
                at: bench.cluster.bootstrapServers
            )
            let port = SourcePort(
                origin: Origin(sourceName: "prod-kafka", cloud: "prod"),
                decoder: CloudStackDecoder(),
                ignore: [],
                intake: bench.rig.intake
            )
            let settings = ComponentSettings(["properties-file": .string(file.path)])
            let source = try KafkaSource(
                settings: settings,
                port: port,
                store: bench.rig.store,
                context: bench.rig.context
            )
            try await bench.rig.run(source) { try await bench.rig.waitForEvents(3) }
            let events = try await bench.rig.store.page(after: .zero, limit: .max, maximumBytes: .max).map(\.event)
            #expect(events.map(\.category) == [.action, .state, .alert])
            #expect(events.first?.resource == ResourceReference(type: "VirtualMachine", id: Self.records[0].key))
            #expect(events.map { String(decoding: $0.payload.original, as: UTF8.self) } == Self.records.map(\.body))
            #expect(try await bench.rig.store.quarantined(source: nil, after: 0, limit: 1).isEmpty)
            #expect(port.monitor.snapshot.place == "kafka://\(bench.cluster.bootstrapServers)")
        }
    }

    @Test func `binary CloudEvents are read from headers, and tombstones are passed over`() async throws {
        try await SourceBench.withBench { bench in
            let headers = [
                "ce_specversion=1.0", "ce_id=7", "ce_source=/test", "ce_type=org.example",
                "content-type=application/json",
            ]
            let servers = bench.cluster.bootstrapServers
            try await Kcat.produce("{\"a\":1}\n", to: "cs", options: headers.flatMap { ["-H", $0] }, at: servers)
            try await Kcat.produce("vm-1|\n", to: "cs", options: ["-K", "|", "-Z"], at: servers)
            try await bench.produce(["last"])
            try await bench.rig.run(bench.makeSource()) { try await bench.rig.waitForEvents(2) }
            #expect(try await bench.rig.eventIDs() == ["7", "last"])
            #expect(try await bench.storedPlace()?.next == 3)
            #expect(bench.rig.intake.counters.sources[bench.rig.port.name]?.ignored == 1)
        }
    }
}
