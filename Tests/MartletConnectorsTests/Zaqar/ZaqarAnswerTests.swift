import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

/// What the sink makes of answers, and of their lack; the table of `docs/reference/sink-zaqar.md`.
@Suite(.timeLimit(.minutes(3))) struct ZaqarAnswerTests {
    private static func sink(
        _ receiver: FaultyReceiver,
        _ settings: [String: ComponentSettings.Value] = ["project": .string("p")]
    ) throws -> ZaqarSink {
        let all: [String: ComponentSettings.Value] = ["url": .string(receiver.url), "queue": .string("q")]
        return try ZaqarSink(
            settings: ComponentSettings(all.merging(settings) { $1 }),
            context: .sample(time: ManualTime())
        )
    }

    private static func answer(_ status: Int, _ body: String = "", headers: String = "") -> [FaultyReceiver.Step] {
        [
            .takeRequest,
            .send("HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"),
            .startOver,
        ]
    }

    private static func outcomes(_ outcome: BatchOutcome) -> [DeliveryOutcome] {
        if case .each(let outcomes) = outcome { outcomes } else { [] }
    }

    @Test(arguments: [
        (201, "delivered"), (200, "unavailable"), (202, "unavailable"), (204, "unavailable"), (301, "unavailable"),
        (400, "reject"),
        (401, "unavailable"), (403, "reject"), (404, "unavailable"), (406, "retry"), (408, "retry"), (409, "retry"),
        (413, "reject"), (415, "retry"), (429, "unavailable"), (500, "unavailable"), (502, "unavailable"),
        (503, "unavailable"), (504, "unavailable"), (507, "unavailable"),
    ])
    func `an answer means what the reference says`(status: Int, name: String) async throws {
        let receiver = try FaultyReceiver(
            Self.answer(status, #"{"title":"Not today","description":"says\nZaqar."}"#)
        )
        let outcome = Self.outcomes(try await Self.sink(receiver).send(.events("a")))
        #expect(outcome.map(\.name) == [name])
        if status >= 400 {
            let reason = outcome.first?.reason ?? ""
            #expect(reason.contains("\(status): “Not today: says Zaqar”"), "\(reason)")
        }
    }

    @Test(arguments: [429, 503])
    func `Retry-After is obeyed`(status: Int) async throws {
        let receiver = try FaultyReceiver(Self.answer(status, headers: "Retry-After: 17\r\n"))
        let outcome = Self.outcomes(try await Self.sink(receiver).send(.events("a", "b")))
        #expect(outcome == [.unavailable("Zaqar answered \(status).", retryAfter: .seconds(17)), .untried])
    }

    @Test func `a signed URL that is refused pauses the forwarder, as one that has expired does`() async throws {
        let receiver = try FaultyReceiver(Self.answer(404, #"{"title":"404 Not Found, s33ded"}"#))
        let signed: [String: ComponentSettings.Value] = ["signed-url": ZaqarConfigurationTests.signed]
        let refused = Self.outcomes(try await Self.sink(receiver, signed).send(.events("a")))
        #expect(refused.map(\.name) == ["gone"])
        #expect(refused[0].reason?.contains("s33ded") == false, "the signature is quoted")

        let all: [String: ComponentSettings.Value] = ["url": .string(receiver.url), "queue": .string("q")]
        let late = try ZaqarSink(
            settings: ComponentSettings(all.merging(signed) { $1 }),
            context: .sample(time: ManualTime(now: Timestamp(seconds: 1_830_000_000)))
        )
        let expired = Self.outcomes(await late.send(.events("a")))
        #expect(expired.map(\.name) == ["gone"])
        #expect(receiver.requestCount == 1, "an expired one is not even tried")
    }

    @Test(arguments: [
        [FaultyReceiver.Step.hang], [.takeRequest, .hang], [], [.takeRequest], [.takeRequest, .reset],
        [.takeRequest, .send("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{"), .hang],
        [.takeRequest, .send("no HTTP at all\r\n\r\n")],
    ])
    func `without an answer nobody knows, and the batch goes again with the same keys`(_ steps: [FaultyReceiver.Step])
        async throws
    {
        let receiver = try FaultyReceiver(steps)
        let sink = try Self.sink(receiver, ["project": .string("p"), "timeout": .duration(.seconds(1))])
        let outcome = Self.outcomes(await sink.send(.events("a", "b")))
        #expect(outcome.map(\.name) == ["unavailable", "untried"])
    }

    @Test func `a queue whose metadata are refused keeps its events`() async throws {
        let receiver = try FaultyReceiver(Self.answer(400, #"{"title":"t","description":"must be integer"}"#))
        let metadata = ComponentSettings.Value.table(["_default_message_ttl": "x"])
        let sink = try Self.sink(receiver, ["project": .string("p"), "metadata": metadata])
        let outcome = Self.outcomes(await sink.send(.events("a")))
        #expect(outcome.map(\.name) == ["unavailable"])
        #expect(outcome[0].reason?.contains("metadata") == true)
    }
}
