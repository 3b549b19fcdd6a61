import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

/// What is missing is told, with the range, in the same commit as the jump.
@Suite(.enabled(if: KafkaMockCluster.isInstalled, "\(KafkaMockCluster.absenceReason)"), .timeLimit(.minutes(3)))
struct KafkaGapTests {
    /// A fingerprint of no record.
    private static let stranger = "cbf29ce484222325@1"

    private static func text(of event: Event) -> String { String(decoding: event.payload.original, as: UTF8.self) }

    @Test func `a place whose record is the one that was read is gone on from, without an alert`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.produce(["a", "b"])
            try await bench.rig.run(bench.makeSource()) { try await bench.rig.waitForEvents(2) }
            let place = try #require(try await bench.storedPlace())
            #expect(place.generation == 1)
            #expect(place.fingerprint != nil)
            try await bench.produce(["c"])
            try await bench.rig.run(bench.makeSource()) { try await bench.rig.waitForEvents(3) }
            #expect(try await bench.rig.eventIDs() == ["a", "b", "c"])
            #expect(bench.rig.port.monitor.snapshot.gaps == 0)
        }
    }

    @Test func `a topic that was made anew is read from its beginning, with an alert`() async throws {
        try await SourceBench.withBench { bench in
            try await bench.produce(["a", "b", "c"])
            try await bench.store("4 2 \(Self.stranger)")
            try await bench.rig.run(bench.makeSource()) { try await bench.rig.waitForEvents(4) }
            #expect(try await bench.eventIDs() == ["a", "b", "c"])
            let gap = try #require(try await bench.gaps().first)
            #expect(Self.text(of: gap).contains(#""generation":"5""#))
            let place = try #require(try await bench.storedPlace())
            #expect((place.generation, place.next) == (5, 3))
            #expect(bench.rig.port.monitor.snapshot.gaps == 1)
        }
    }

    @Test(arguments: [3, 4, 500], ["cooperative-sticky", "roundrobin"])
    func `a topic that ends before the place was made anew`(_ next: Int, _ strategy: String) async throws {
        try await SourceBench.withBench { bench in
            try await bench.produce(["a", "b"])
            try await bench.store("1 \(next) \(Self.stranger)")
            try await bench.rig.run(bench.makeSource(strategy: strategy)) { try await bench.rig.waitForEvents(3) }
            #expect(try await bench.eventIDs() == ["a", "b"])
            #expect(try await bench.gaps().count == 1)
            #expect(try await bench.storedPlace()?.generation == 2)
        }
    }

    @Test func `what retention took before it was read is an alert with the range, and the rest is read`() async throws
    {
        try await SourceBench.withBench { bench in
            // The mock keeps 5 MiB of a partition.
            let filling = String(repeating: "x", count: 100_000)
            let lines = (0..<120).map {
                #"{"specversion":"1.0","id":"e\#($0)","source":"/test","type":"t","filling":"\#(filling)"}"# + "\n"
            }
            let options = ["-X", "batch.num.messages=1"]
            for part in 0..<4 {
                try await Kcat.produce(
                    lines[part * 30..<part * 30 + 30].joined(),
                    to: SourceBench.topic,
                    partition: 0,
                    options: options,
                    at: bench.cluster.bootstrapServers
                )
            }
            try await bench.store("1 7 \(Self.stranger)")
            try await bench.rig.run(bench.makeSource()) {
                try await bench.rig.wait(for: "the last event") { try await bench.eventIDs().last == "e119" }
            }
            let gap = try #require(try await bench.gaps().first)
            let alert = Self.text(of: gap)
            let first = try #require(try await bench.eventIDs().first)
            #expect(alert.contains(#""from":"7""#))
            #expect(alert.contains(#""before":"\#(first.dropFirst())""#))
            #expect(try await bench.eventIDs() == (Int(first.dropFirst())!..<120).map { "e\($0)" })
            #expect(try await bench.gaps().count == 1)
        }
    }
}
