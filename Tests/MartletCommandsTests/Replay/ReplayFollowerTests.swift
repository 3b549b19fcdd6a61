import ArgumentParser
import Martlet
import MartletClient
import MartletJSON
import MartletTesting
import Synchronization
import Testing

@testable import MartletCommands

/// Following a replay, drawn over on a terminal and told now and then elsewhere.
struct ReplayFollowerTests {
    private func follow(
        _ server: LoopbackServer,
        width: Int?,
        options: [String] = [],
        stopAfter waits: Int = .max
    ) async throws -> (output: String, errors: String, failure: CommandFailure?) {
        let (output, errors, time) = (Bodies(), Bodies(), ManualTime(now: testTime))
        let stop = StopRequest()
        let context = CommandContext(
            environment: ["MARTLET_URL": server.url, "MARTLET_TOKEN": "t0ken", "NO_COLOR": "1"],
            terminal: Terminal(outputWidth: width, errorWidth: width, isInteractive: false),
            clock: .utc(now: { time.now }),
            output: { output.add($0) },
            errors: { errors.add($0) },
            answer: { nil },
            sleep: { duration in
                time.advance(by: duration)
                if server.requests.count >= waits { stop.make() }
            }
        )
        let connection = try ServerConnection(ConnectionOptions.parse([]), environment: context.environment)
        let follower = ReplayFollower(
            server: connection,
            context: context,
            options: try ReplayFollowingOptions.parse(options)
        )
        do {
            try await follower.watch(try await connection.client.replay("3"), stop)
            return (output.all.joined(), errors.all.joined(), nil)
        } catch let failure as CommandFailure {
            return (output.all.joined(), errors.all.joined(), failure)
        }
    }

    /// Goes on by a hundred events with each look.
    private func server(failed: Int = 0) throws -> LoopbackServer {
        try LoopbackServer { request, number in
            if request.method == "POST" {
                return .json(ReplayCommandTests.replay(3, state: "cancelled", delivered: 500))
            }
            let delivered = min(2_000 - failed, number * 100)
            let isDone = delivered == 2_000 - failed
            return .json(
                ReplayCommandTests.replay(
                    3,
                    state: isDone ? "finished" : "running",
                    delivered: delivered,
                    failed: isDone ? failed : 0
                )
            )
        }
    }

    @Test func `on a terminal a line is drawn over itself, and taken away at the end`() async throws {
        let result = try await follow(try server(), width: 120)
        #expect(result.failure == nil)
        let lines = result.errors.split(separator: "\r\u{1B}[K")
        #expect(lines.count == 20)
        #expect(
            lines.last
                == "replay 3  ━━━━━━━━━━━━━━━━━━━─   95%  1,900 of 2,000  1,900 delivered  400 events/s  5 s left"
        )
        #expect(result.errors.hasSuffix("\r\u{1B}[K"))
        #expect(result.output == "replay 3 finished: 2,000 delivered, in 30 s\n")
    }

    @Test func `elsewhere a line is told every ten seconds`() async throws {
        let slow = try LoopbackServer { _, number in
            .json(
                ReplayCommandTests.replay(
                    3,
                    state: number < 90 ? "running" : "finished",
                    delivered: number < 90 ? number * 20 : 2_000
                )
            )
        }
        let result = try await follow(slow, width: nil)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("replay 3  ━") })
        #expect(!result.errors.contains("\u{1B}"))
    }

    @Test func `where events failed the exit code says so, and the text what to do`() async throws {
        let result = try await follow(try server(failed: 2), width: nil)
        #expect(result.failure?.status == .failed)
        #expect(
            result.output == """
                replay 3 finished: 1,998 delivered, 2 failed, in 30 s
                "martlet replay failures 3" tells which failed, and why.

                """
        )
    }

    @Test func `an interruption leaves the replay alone, and says how to come back`() async throws {
        let result = try await follow(try server(), width: nil, stopAfter: 3)
        #expect(result.failure == nil && result.output.isEmpty)
        #expect(result.errors.contains("goes on in the server") && result.errors.contains("martlet replay follow 3"))
    }

    @Test func `an interruption ends the replay where that was asked for`() async throws {
        let result = try await follow(try server(), width: nil, options: ["--cancel-on-interrupt"], stopAfter: 3)
        #expect(result.failure?.status == .failed)
        #expect(result.output == "replay 3 cancelled: 500 delivered, 1,500 not sent\n")
    }

    @Test func `in JSON the last state is all that is printed`() async throws {
        let result = try await follow(try server(), width: 100, options: ["--json"])
        #expect(result.errors.isEmpty)
        let json = try JSONDocument(parsing: Array(result.output.utf8)).root
        #expect(json["state"]?.string == "finished")
    }

    @Test func `a pause ends the following, with its reason`() async throws {
        let paused = try LoopbackServer { _, _ in
            .json(
                ReplayCommandTests.replay(
                    3,
                    state: "paused",
                    delivered: 7,
                    pause: #"{"cause":"gone","reason":"410 Gone"}"#
                )
            )
        }
        let result = try await follow(paused, width: nil)
        #expect(result.failure?.status == .failed)
        #expect(
            result.output == """
                replay 3 paused: 7 delivered, 1,993 not sent
                paused: 410 Gone
                "martlet replay resume 3" lets it go on.

                """
        )
    }
}

/// What has been sent, as text.
final class Bodies: Sendable {
    private let texts = Mutex<[String]>([])

    func add(_ bytes: [UInt8]) { texts.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }

    var all: [String] { texts.withLock { $0 } }
}
