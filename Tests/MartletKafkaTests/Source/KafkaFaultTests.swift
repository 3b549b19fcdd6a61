import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

/// Nothing is lost, nothing is read twice, and nobody has to start anything again.
@Suite(.enabled(if: KafkaMockCluster.isInstalled, "\(KafkaMockCluster.absenceReason)"), .timeLimit(.minutes(3)))
struct KafkaFaultTests {
    private static func ids(_ name: String) -> [String] { (0..<200).map { "\(name)\($0)" } }

    @Test func `a partition whose leader moves is read on`() async throws {
        try await SourceBench.withBench(brokers: 3) { bench in
            try await bench.cluster.moveLeader(of: SourceBench.topic, 0, toBroker: 1)
            try await bench.rig.run(bench.makeSource()) {
                var all: [String] = []
                for (number, broker) in [2, 3, 1].enumerated() {
                    all += Self.ids("\(number)-")
                    try await bench.produce(Self.ids("\(number)-"))
                    try await bench.cluster.moveLeader(of: SourceBench.topic, 0, toBroker: broker)
                    try await bench.rig.waitForEvents(all.count)
                }
                #expect(try await bench.rig.eventIDs() == all)
            }
        }
    }

    @Test func `a broker that is away is told of, and read on from when it is back`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.rig.run(bench.makeSource()) {
                try await bench.produce(Self.ids("a"))
                try await bench.rig.waitForEvents(200)
                try await bench.cluster.takeDown()
                try await bench.rig.wait(for: "failing source") { bench.rig.port.monitor.snapshot.state == .failing }
                let problem = try #require(bench.rig.port.monitor.snapshot.problem)
                #expect(problem.what.hasPrefix("no broker answers"))
                #expect(problem.place == "kafka://\(bench.cluster.bootstrapServers)")
                try await bench.cluster.bringUp()
                try await bench.produce(Self.ids("b"))
                try await bench.rig.waitForEvents(400)
                try await bench.waitForRunning()
                #expect(bench.rig.port.monitor.snapshot.reconnections == 1)
            }
            #expect(try await bench.rig.eventIDs() == Self.ids("a") + Self.ids("b"))
        }
    }

    @Test func `connections that are cut and requests that fail cost nothing`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.rig.run(bench.makeSource()) {
                var all: [String] = []
                // Fetch and commit: the connection is cut, the leader is not known, the group's place has moved.
                for (number, (request, code)) in [(1, -195), (1, 6), (8, -195), (8, 16)].enumerated() {
                    try await bench.cluster.fail(request, with: Int32(code), count: 3)
                    all += Self.ids("\(number)-")
                    try await bench.produce(Self.ids("\(number)-"))
                    try await bench.rig.waitForEvents(all.count)
                }
                #expect(try await bench.rig.eventIDs() == all)
            }
            #expect(bench.rig.port.monitor.snapshot.gaps == 0)
        }
    }

    @Test func `a topic that is not there is told of, and read once it is`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.cluster.setError(3, ofTopic: SourceBench.topic)
            try await bench.rig.run(bench.makeSource()) {
                try await bench.rig.wait(for: "failing source") { bench.rig.port.monitor.snapshot.state == .failing }
                let problem = try #require(bench.rig.port.monitor.snapshot.problem)
                #expect(problem.what == "the topic “cs” does not exist")
                try await bench.cluster.setError(0, ofTopic: SourceBench.topic)
                try await bench.produce(["a"])
                try await bench.rig.waitForEvents(1)
                try await bench.waitForRunning()
            }
        }
    }

    @Test func `a topic that is not allowed is told of with what to grant`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.cluster.setError(29, ofTopic: SourceBench.topic)
            try await bench.rig.run(bench.makeSource()) {
                try await bench.rig.wait(for: "failing source") { bench.rig.port.monitor.snapshot.state == .failing }
                let problem = try #require(bench.rig.port.monitor.snapshot.problem)
                #expect(problem.what == "the user may not use the topic “cs”")
                #expect(problem.remedy.contains("kafka-acls"))
            }
        }
    }

    @Test func `a topic that may be seen but not read is told of until it is read`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.cluster.fail(1, with: 29, count: 5_000)
            try await bench.rig.run(bench.makeSource()) {
                try await bench.rig.wait(for: "failing source") { bench.rig.port.monitor.snapshot.state == .failing }
                let problem = try #require(bench.rig.port.monitor.snapshot.problem)
                #expect(problem.what == "the user may not use the topic “cs”")
                try await bench.produce(["a"])
                try await bench.cluster.stopFailing(1)
                try await bench.rig.waitForEvents(1)
                try await bench.waitForRunning()
                #expect(bench.rig.port.monitor.snapshot.warnings.isEmpty)
            }
        }
    }

    @Test func `a broker that does not take the user is told of, without the password`() async throws {
        try await SourceBench.withBench { bench in
            let fields: [String: ComponentSettings.Value] = [
                "username": .string("martlet"), "password": .string("hush-hush"), "sasl-mechanism": .string("plain"),
            ]
            try await bench.rig.run(bench.makeSource(fields)) {
                try await bench.rig.wait(for: "failing source") { bench.rig.port.monitor.snapshot.state == .failing }
                let problem = try #require(bench.rig.port.monitor.snapshot.problem)
                #expect(problem.remedy.hasPrefix("check user, password"))
                #expect(!"\(problem)".contains("hush-hush"))
            }
        }
    }

    @Test func `nobody at the address is a state with a remedy, and no busy loop`() async throws {
        try await SourceRig.withRig { rig in
            let port = try FreePort.next()
            let source = try KafkaSource(
                settings: ComponentSettings([
                    "bootstrap-servers": .strings(["127.0.0.1:\(port)"]), "topics": .strings(["cs"]),
                ]),
                port: rig.port,
                store: rig.store,
                context: rig.context
            )
            try await rig.run(source) {
                try await rig.wait(for: "failing source") { rig.port.monitor.snapshot.state == .failing }
                let problem = try #require(rig.port.monitor.snapshot.problem)
                #expect(problem.what.hasPrefix("no broker answers"))
                #expect(problem.place == "kafka://127.0.0.1:\(port)")
                #expect(problem.remedy.contains("advertised.listeners"))
            }
        }
    }

    @Test func `a preview of nobody says so early, and ends when it is told to`() async throws {
        try await SourceRig.withRig { rig in
            let servers = ComponentSettings.Value.strings(["127.0.0.1:\(try FreePort.next())"])
            let source = KafkaSource(
                previewing: ["cs"],
                settings: try KafkaSettings(ComponentSettings(["bootstrap-servers": servers]), for: .consumer),
                port: rig.port,
                store: rig.store,
                context: rig.context
            )
            let clock = ContinuousClock()
            var wasCancelled = clock.now
            try await rig.run(source) {
                try await rig.wait(for: "failing source") { rig.port.monitor.snapshot.state == .failing }
                #expect(rig.port.monitor.snapshot.problem?.what.hasPrefix("no broker answers") == true)
                wasCancelled = clock.now
            }
            #expect(clock.now - wasCancelled < .seconds(8))
        }
    }

    @Test func `a store that takes nothing for ten seconds is told of, and nothing is lost`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.rig.run(bench.makeSource()) {
                try await bench.waitForRunning()
                bench.rig.store.writeFailure = StoreError(.full, "No space left.")
                try await bench.produce(Self.ids("a"))
                try await bench.rig.wait(for: "failing source") {
                    bench.rig.time.advance(by: .seconds(1))
                    return bench.rig.port.monitor.snapshot.state == .failing
                }
                #expect(bench.rig.port.monitor.snapshot.problem?.what == "nothing could be committed for ten seconds")
                bench.rig.store.writeFailure = nil
                try await bench.rig.waitForEvents(200, movingTime: true)
                try await bench.waitForRunning()
            }
            #expect(try await bench.rig.eventIDs() == Self.ids("a"))
        }
    }

    @Test func `another member of the group is told of, and what it gives back is read on from the store's place`()
        async throws
    {
        try await SourceBench.withBench(partitions: 2) { bench in
            try await bench.rig.run(bench.makeSource(["group": .string("shared")])) {
                for partition in 0...1 { try await bench.produce(Self.ids("\(partition)-"), partition: partition) }
                try await bench.rig.waitForEvents(400)
                let intruder = try await bench.joinGroup("shared")
                try await bench.rig.wait(for: "a warning") { bench.rig.port.monitor.snapshot.warnings["shared"] != nil }
                for partition in 0...1 { try await bench.produce(Self.ids("late\(partition)-"), partition: partition) }
                await intruder.close()
                try await bench.rig.waitForEvents(800)
                try await bench.rig.wait(for: "no warning") {
                    bench.rig.port.monitor.snapshot.warnings["shared"] == nil
                }
            }
            let ids = try await bench.rig.eventIDs()
            for partition in 0...1 {
                let expected = Self.ids("\(partition)-") + Self.ids("late\(partition)-")
                #expect(ids.filter { $0.hasPrefix("\(partition)-") || $0.hasPrefix("late\(partition)-") } == expected)
            }
            #expect(bench.rig.intake.counters.sources[bench.rig.port.name]?.duplicates == 0)
        }
    }

    @Test func `a source that is given no partition, because another member has it, says so and does not run`()
        async throws
    {
        try await SourceBench.withBench { bench in
            let owner = try await bench.joinGroup("shared")
            try await bench.rig.wait(for: "a member with the only partition") { owner.partitionCount == 1 }
            try await bench.rig.run(bench.makeSource(["group": .string("shared")])) {
                try await bench.rig.wait(for: "failing source") { bench.rig.port.monitor.snapshot.state == .failing }
                let problem = try #require(bench.rig.port.monitor.snapshot.problem)
                #expect(problem.what.contains("another member of the consumer group"))
                #expect(problem.remedy.contains("group of its own"))
                await owner.close()
                try await bench.produce(["a"])
                try await bench.rig.waitForEvents(1)
                try await bench.waitForRunning()
            }
        }
    }

    @Test func `a topic that is deleted while it is read is told of, and read again once it is back`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.rig.run(bench.makeSource()) {
                try await bench.produce(["a"])
                try await bench.rig.waitForEvents(1)
                try await bench.waitForRunning()
                try await bench.cluster.setError(3, ofTopic: SourceBench.topic)
                try await bench.rig.wait(for: "failing source") { bench.rig.port.monitor.snapshot.state == .failing }
                #expect(bench.rig.port.monitor.snapshot.problem?.what == "the topic “cs” does not exist")
                try await bench.cluster.setError(0, ofTopic: SourceBench.topic)
                try await bench.produce(["b"])
                try await bench.rig.waitForEvents(2)
                try await bench.waitForRunning()
                #expect(try await bench.eventIDs() == ["a", "b"])
            }
        }
    }
}
