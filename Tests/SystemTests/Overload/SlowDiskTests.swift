import Foundation
import MartletJSON
import MartletTesting
import Testing

/// More comes in than the disk takes: who cannot be served is told so at once, who is served waits for a bounded time, and
/// what was acknowledged is there. The disk is a stand-in: a real one, that the tests make slow (``FaultyDisk``).
@Suite(
    .timeLimit(.minutes(3)),
    .enabled(if: FaultyDisk.isThere, "needs lib/disk-faults.so of the test tools: make test-tools")
)
struct SlowDiskTests {
    /// Half a megabyte a second, 30 ms an fsync at least: a volume whose credits are used up.
    private static let slowness = ["bandwidth 500", "delay-fsync 30"]
    /// Their bodies at once are what the slow disk needs more than ten seconds for.
    private static let clientCount = 40

    @Test func `a slow disk: 503 early, bounded waits, recovery at once, and nothing lost, kill -9 included`()
        async throws
    {
        let directory = try ScratchDirectory.make()
        let disk = FaultyDisk(in: directory)
        let server = try await Server(in: directory, environment: disk.environment)
        let clients = OverloadClients()

        // From one moment to the next, and nothing has been measured before.
        try disk.fail(Self.slowness)
        let began = ContinuousClock.now
        let duration = Soak.isOn ? Duration.seconds(30) : .seconds(6)
        let answers = await clients.send(Self.clientCount, to: server, for: duration)
        let (accepted, refused) = (answers.accepted, answers.refused)
        let late = accepted.duration(ofPercent: 99)
        // What the disk takes is known after a few groups.
        let informed = accepted.filter { $0.begin > began + .seconds(2) }.duration(ofPercent: 99)
        print(
            """
            slow disk: accepted \(accepted.count), 99% within \(late), later within \(informed); refused \
            \(refused.count), half of them within \(refused.duration(ofPercent: 50))
            """
        )
        try #require(!accepted.isEmpty && !refused.isEmpty)
        #expect(refused.allSatisfy { $0.isProperRefusal })
        #expect(refused.duration(ofPercent: 50) < .milliseconds(500), "refused early")
        // 2.7 and 1.9 seconds on a busy machine; all of them together are more than eleven.
        #expect(late < .seconds(6))
        #expect(informed < .seconds(4))

        try disk.mend()
        let mended = ContinuousClock.now
        try await eventually("it takes what comes as soon as the disk does") {
            let event = #"{"specversion":"1.0","id":"after","source":"/t","type":"t"}"#
            return try await server.post("/v1/events", event).status == 202
        }
        let recovery = ContinuousClock.now - mended
        print("slow disk: took events again \(recovery) after the disk was quick")
        #expect(recovery < .seconds(3))
        let later = await clients.send(4, to: server, for: .milliseconds(500))
        #expect(!later.isEmpty && later.refused.isEmpty, "nobody is refused any more")

        try disk.fail(Self.slowness)
        let before = clients.acknowledged.count
        async let sent = clients.send(Self.clientCount, to: server, for: .seconds(60))
        try await eventually("some more is acknowledged") { clients.acknowledged.count > before }
        server.kill9()
        _ = await sent
        let again = try await Server(in: directory)
        let stored = Set(try await again.allEvents().compactMap { $0["id"]?.string })
        #expect(stored.isSuperset(of: clients.acknowledged), "nothing that was acknowledged is missing")
        #expect(stored.isDisjoint(with: clients.refused), "nothing that was refused is there")
        #expect(again.stop() == 0)
    }
}
