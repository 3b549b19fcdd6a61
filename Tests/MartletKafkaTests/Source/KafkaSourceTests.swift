import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

@Suite(.enabled(if: KafkaMockCluster.isInstalled, "\(KafkaMockCluster.absenceReason)"), .timeLimit(.minutes(3)))
struct KafkaSourceTests {
    private static let conformance = SourceConformance(features: [.resumes]) { body in
        let cluster = try await KafkaMockCluster.start(topics: [SourceBench.topic: 1])
        try await body(
            SourceConformance.Transport(
                write: { lines in
                    try await Kcat.produce(lines, to: SourceBench.topic, partition: 0, at: cluster.bootstrapServers)
                },
                makeSource: { rig in
                    try KafkaSource(
                        settings: SourceBench.settings(cluster),
                        port: rig.port,
                        store: rig.store,
                        context: rig.context
                    )
                }
            )
        )
    }

    @Test(arguments: SourceConformance.Clause.all)
    func `a Kafka source keeps its contract`(_ clause: SourceConformance.Clause) async throws {
        try await Self.conformance.run(clause)
    }

    @Test(arguments: ["cooperative-sticky", "range"])
    func `several topics and partitions are read, those of a pattern too`(_ strategy: String) async throws {
        try await SourceBench.withBench(partitions: 3) { bench in
            try await bench.cluster.makeTopic("cs-usage", partitions: 1)
            let source = try bench.makeSource(topics: [SourceBench.topic, "^cs-.*"], strategy: strategy)
            for partition in 0..<3 {
                try await bench.produce(["p\(partition)a", "p\(partition)b"], partition: partition)
            }
            let line = SourceRig.lines(["usage"])
            try await Kcat.produce(line, to: "cs-usage", at: bench.cluster.bootstrapServers)
            try await bench.rig.run(source) { try await bench.rig.waitForEvents(7) }
            let ids = try await bench.eventIDs()
            #expect(Set(ids) == ["p0a", "p0b", "p1a", "p1b", "p2a", "p2b", "usage"])
            for partition in 0..<3 {
                #expect(ids.filter { $0.hasPrefix("p\(partition)") } == ["p\(partition)a", "p\(partition)b"])
            }
        }
    }

    @Test func `the group is told how far the store has come, and the lag is shown`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.produce(["a", "b", "c"])
            try await bench.rig.run(bench.makeSource()) {
                try await bench.rig.waitForEvents(3)
                try await bench.rig.wait(for: "lag of nothing") {
                    bench.rig.port.monitor.snapshot.backlogs == ["cs/0": 0]
                }
            }
            let group = try await bench.committedByGroup("martlet-under-test")
            #expect(group == 3)
            #expect(try await bench.storedPlace()?.next == 3)
        }
    }

    @Test func `a source may begin at the newest record, and keeps to that after a restart`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.produce(["a", "b"])
            try await bench.rig.run(bench.makeSource(["start": .string("latest")])) {
                try await bench.waitForRunning()
                #expect(try await bench.storedPlace()?.next == 2)
            }
            try await bench.produce(["c"])
            try await bench.rig.run(bench.makeSource(["start": .string("latest")])) {
                try await bench.rig.waitForEvents(1)
            }
            #expect(try await bench.eventIDs() == ["c"])
        }
    }

    @Test func `a group that another program has read with is gone on with`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.produce(["a", "b", "c"])
            try await bench.commitToGroup("handed-over", offset: 1)
            try await bench.rig.run(bench.makeSource(["group": .string("handed-over")])) {
                try await bench.rig.waitForEvents(2)
            }
            #expect(try await bench.eventIDs() == ["b", "c"])
        }
    }

    @Test func `a preview reads everything and leaves no trace`() async throws {
        try await SourceBench.withBench(partitions: 2) { bench in
            try await bench.produce(["a"], partition: 0)
            try await bench.produce(["b"], partition: 1)
            let source = KafkaSource(
                previewing: [SourceBench.topic],
                settings: try KafkaSettings(SourceBench.settings(bench.cluster), for: .consumer),
                port: bench.rig.port,
                store: bench.rig.store,
                context: bench.rig.context
            )
            try await bench.rig.run(source) { try await bench.rig.waitForEvents(2) }
            #expect(try await Set(bench.eventIDs()) == ["a", "b"])
            #expect(try await bench.committedByGroup("martlet-preview") == nil)
        }
    }

    @Test func `settings that make no sense are told with what would be right`() throws {
        let servers = ComponentSettings.Value.strings(["localhost:9092"])
        #expect(throws: ComponentError.self) {
            try KafkaSource.check(ComponentSettings(["bootstrap-servers": servers]))
        }
        #expect(throws: ComponentError.self) {
            try KafkaSource.check(ComponentSettings(["bootstrap-servers": servers, "topics": .strings(["a b"])]))
        }
        let good = ComponentSettings(["bootstrap-servers": servers, "topics": .strings(["^cs-.*", "cs_1.x"])])
        #expect(try KafkaSource.check(good).isEmpty)
    }
}
