import Foundation
import Logging
import Martlet
import MartletGateway
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

@testable import MartletCommands

struct TrialSessionTests {
    private struct Outcome {
        var output: String
        var errors: String
        var failure: CommandFailure?
    }

    private func run(
        limits: TrialWatch.Limits,
        format: TrialFormat = .guess,
        width: Int? = nil,
        time: any TimeSource = SystemTime(),
        findings: [TrialFinding] = [],
        stop: StopRequest = StopRequest(),
        folder: String? = nil,
        onOutput: @escaping @Sendable (String) -> Void = { _ in },
        makeSource: @escaping @Sendable (SourcePort) -> any Source
    ) async throws -> Outcome {
        let output = Mutex<[UInt8]>([])
        let errors = Mutex<[UInt8]>([])
        let context = CommandContext(
            environment: [:],
            terminal: Terminal(outputWidth: width, errorWidth: width, isInteractive: false),
            clock: .utc(now: { testTime }),
            output: { bytes in
                output.withLock { $0 += bytes }
                onOutput(String(decoding: bytes, as: UTF8.self))
            },
            errors: { bytes in errors.withLock { $0 += bytes } },
            answer: { nil },
            sleep: { try await time.sleep(for: $0) }
        )
        var trial = Trial(
            place: "amqp://mq1:5672/",
            transport: .amqp,
            decoder: format.decoder,
            findings: { findings },
            time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { port, _, _ in makeSource(port) }
        if let folder { trial.temporaryDirectory = folder }
        let session = TrialSession(trial: trial, limits: limits, stop: stop, colour: .never, context: context)
        var failure: CommandFailure?
        do {
            try await session.run()
        } catch let error as CommandFailure {
            failure = error
        }
        return Outcome(
            output: String(decoding: output.withLock { $0 }, as: UTF8.self),
            errors: String(decoding: errors.withLock { $0 }, as: UTF8.self),
            failure: failure
        )
    }

    private static func limits(events: Int? = nil, seconds: Double? = nil) -> TrialWatch.Limits {
        TrialWatch.Limits(duration: seconds.map { .seconds($0) }, events: events)
    }

    @Test func `what comes is committed, counted and told at the end`() async throws {
        let outcome = try await run(limits: Self.limits(events: 4)) { port in
            PlayedSource(
                port: port,
                messages: [
                    actionMessage("VM.START", of: "11111111-1111-1111-1111-111111111111"),
                    actionMessage("VM.STOP", of: "11111111-1111-1111-1111-111111111111"),
                    actionMessage(
                        "VM.START",
                        of: "22222222-2222-2222-2222-222222222222",
                        description: "Error while starting VM"
                    ),
                    Message(bytes: Array("no event".utf8)[...], json: nil),
                    Message(
                        bytes: Array(
                            #"{"specversion":"1.0","id":"1","source":"/lab","type":"org.example.door.opened"}"#.utf8
                        )[...],
                        json: nil
                    ),
                ]
            )
        }
        #expect(outcome.failure == nil)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("4 events") && $0.contains("1 failure") && $0.contains("1 unreadable") })
        #expect(lines.contains { $0.hasPrefix("2 resources: 2 VirtualMachine") })
        #expect(lines.contains { $0.split(separator: " ") == ["VM.START", "2", "1"] })
        #expect(lines.contains { $0.hasPrefix("org.example.door.opened") })
        #expect(lines.contains { $0.hasPrefix("1 × the body is not JSON") })
        #expect(lines.contains("Nothing was kept here, and nothing was changed at the broker."))
    }

    @Test func `on a terminal the page is drawn over itself`() async throws {
        let stop = StopRequest()
        let outcome = try await run(
            limits: Self.limits(),
            width: 80,
            stop: stop,
            // The second drawing goes back to where the first began.
            onOutput: { if $0.hasPrefix("\r\u{1B}[") { stop.make() } },
            makeSource: { PlayedSource(port: $0, messages: [actionMessage("VM.START", of: "1")]) }
        )
        #expect(outcome.output.contains("\u{1B}[K\n"))
        #expect(outcome.output.hasSuffix("--config martlet.yaml\n"))
        #expect(outcome.errors.isEmpty)
    }

    @Test func `after ten silent seconds it says what was found and what to check`() async throws {
        let time = ManualTime()
        let findings = [TrialFinding("the exchange cloudstack-events is there", isGood: true)]
        async let running = run(limits: Self.limits(seconds: 12), time: time, findings: findings) {
            PlayedSource(port: $0)
        }
        for _ in 0..<12 {
            await time.waitForSleepers(1)
            time.advance(by: .seconds(1))
        }
        let outcome = try await running
        #expect(outcome.failure == nil)
        #expect(outcome.output.contains("✓ connected to memory:/\n  ✓ the exchange cloudstack-events is there\n"))
        #expect(outcome.output.contains("publish.action.events"))
        #expect(outcome.output.components(separatedBy: "What to check:").count == 2)
    }

    @Test func `no way in ends it with what, where and remedy`() async throws {
        let time = ManualTime()
        async let running = run(limits: Self.limits(), time: time) { port in
            PlayedSource(
                port: port,
                problem: SourceMonitor.Problem(
                    "the broker refuses the user “martlet”",
                    at: "amqp://mq1:5672/",
                    remedy: "check username and password"
                )
            )
        }
        // Looks at 0, 1, 2 and 3 seconds; the last one ends it.
        for _ in 0..<3 {
            await time.waitForSleepers(1)
            time.advance(by: .seconds(1))
        }
        let outcome = try await running
        #expect(outcome.failure?.status == .unreachable)
        #expect(
            outcome.failure?.message
                == "the broker refuses the user “martlet”\namqp://mq1:5672/\ncheck username and password"
        )
    }

    @Test func `nothing of it stays on the disk`() async throws {
        let folder = try TemporaryFolder()
        _ = try await run(limits: Self.limits(events: 1), folder: folder.path) { port in
            PlayedSource(port: port, messages: [actionMessage("VM.START", of: "1")])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
