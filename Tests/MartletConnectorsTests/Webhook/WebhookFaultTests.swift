import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

/// What the webhook makes of a receiver that breaks the rules: DESIGN §6 has a word for each, in bounded time and memory.
@Suite(.timeLimit(.minutes(3))) struct WebhookFaultTests {
    /// A way to misbehave, and what is to become of it.
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [FaultyReceiver.Step]
        var outcome: String
        /// What the reason says.
        var says: String

        var testDescription: String { name }

        init(_ name: String, _ steps: [FaultyReceiver.Step], _ outcome: String, says: String) {
            (self.name, self.steps, self.outcome, self.says) = (name, steps, outcome, says)
        }
    }

    private static let ok = "HTTP/1.1 200 OK\r\n"
    private static let timeout = Duration.seconds(1)

    static let faults: [Fault] = [
        Fault("hangs after the connection", [.hang], "unavailable", says: "in time"),
        Fault("hangs after the request", [.takeRequest, .hang], "unavailable", says: "in time"),
        Fault(
            "hangs after the head",
            [.takeRequest, .send("\(ok)Content-Length: 9\r\n\r\n"), .hang],
            "unavailable",
            says: "in time"
        ),
        Fault(
            "trickles its head",
            [.takeRequest, .send(ok), .keepSending(Array("X: y\r\n".utf8), every: .milliseconds(50))],
            "unavailable",
            says: "in time"
        ),
        Fault(
            "trickles its content",
            [
                .takeRequest, .send("\(ok)Content-Length: 99999\r\n\r\n"),
                .keepSending([0x78], every: .milliseconds(50)),
            ],
            "unavailable",
            says: "in time"
        ),
        Fault(
            "sends interim answers without end",
            [.takeRequest, .keepSending(Array("HTTP/1.1 103 Early\r\nX: y\r\n\r\n".utf8), every: .milliseconds(5))],
            "unavailable",
            says: "in time"
        ),
        Fault("closes at once", [], "unavailable", says: "did not arrive"),
        Fault("closes instead of an answer", [.takeRequest], "unavailable", says: "did not arrive"),
        Fault("resets instead of an answer", [.takeRequest, .reset], "unavailable", says: "did not arrive"),
        Fault("closes in its head", [.takeRequest, .send("\(ok)X: ")], "unavailable", says: "did not arrive"),
        Fault(
            "closes in its content",
            [.takeRequest, .send("\(ok)Content-Length: 100\r\n\r\nhalf of it")],
            "unavailable",
            says: "did not arrive"
        ),
        Fault(
            "breaks its chunks",
            [.takeRequest, .send("\(ok)Transfer-Encoding: chunked\r\n\r\nzzz\r\n")],
            "unavailable",
            says: "did not arrive"
        ),
        Fault(
            "answers as HTTP/0.9",
            [.takeRequest, .send("<html>hello</html>")],
            "unavailable",
            says: "did not arrive"
        ),
        Fault("answers as a mail server", [.send("220 mail.example ESMTP\r\n")], "unavailable", says: "did not arrive"),
        Fault(
            "answers with a length that is none",
            [.takeRequest, .send("\(ok)Content-Length: -7\r\n\r\n")],
            "unavailable",
            says: "did not arrive"
        ),
        Fault(
            "answers with a status of its own",
            [.takeRequest, .send("HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n")],
            "retry",
            says: "799"
        ),
        Fault(
            "sends headers without end",
            [.takeRequest, .send(ok), .keepSending(Array("X-Y: \(String(repeating: "z", count: 900))\r\n".utf8))],
            "retry",
            says: "The head"
        ),
        Fault(
            "sends one header without end",
            [.takeRequest, .send("\(ok)X: "), .keepSending([UInt8](repeating: 0x79, count: 4_096))],
            "retry",
            says: "The head"
        ),
        Fault(
            "sends content without end",
            [.takeRequest, .send("\(ok)\r\n"), .keepSending([UInt8](repeating: 0x79, count: 16_384))],
            "retry",
            says: "larger"
        ),
        Fault(
            "announces more than is allowed",
            [.takeRequest, .send("\(ok)Content-Length: 999999999999\r\n\r\n"), .hang],
            "retry",
            says: "larger"
        ),
        Fault(
            "leads in a circle",
            [.takeRequest, .send("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"), .startOver],
            "retry",
            says: "redirect"
        ),
        Fault(
            "leads to the metadata of the cloud",
            [.takeRequest, .send("HTTP/1.1 307 Go\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")],
            "retry",
            says: "169.254.169.254"
        ),
        Fault(
            "wants to be left alone for years",
            [
                .takeRequest,
                .send("HTTP/1.1 429 Slow\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n"),
            ],
            "unavailable",
            says: "429"
        ),
        Fault("is gone", [.takeRequest, .send("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")], "gone", says: "410"),
    ]

    @Test(arguments: faults)
    func `a receiver that breaks the rules has the outcome of its kind, in time and in little memory`(_ fault: Fault)
        async throws
    {
        let receiver = try FaultyReceiver(fault.steps)
        let sink = try Self.sink(receiver.url + "/secret-path")
        let begin = ContinuousClock.now
        let outcome = await sink.send(.events("a")).outcome
        let elapsed = ContinuousClock.now - begin
        #expect(outcome?.name == fault.outcome)
        let reason = try #require(outcome?.reason)
        #expect(reason.contains(fault.says), "\(reason)")
        #expect(!reason.contains("secret-path"), "\(reason)")
        #expect(reason.contains("127.0.0.1") || reason.hasPrefix("The receiver answered"), "\(reason)")
        // Twice a second is how often time-outs are looked at; the rest is for a machine that is busy.
        #expect(elapsed < Self.timeout + .seconds(20))
        // The bound of an answer, and what the buffers of two sockets may hold.
        #expect(receiver.sentBytes < 24 << 20)
        #expect(receiver.connectionCount <= 2)
    }

    @Test func `an answer that unpacks to gigabytes is never unpacked, and is quoted as it came`() async throws {
        // The first bytes of a gzip file; whatever follows is never looked at.
        let bomb = "\u{1F}\u{8}" + String(repeating: "\u{0}", count: 1_000)
        let head = "HTTP/1.1 422 No\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.utf8.count)\r\n\r\n"
        let receiver = try FaultyReceiver([.takeRequest, .send(head + bomb)])
        let outcome = try await Self.sink(receiver.url).send(.events("a")).outcome
        #expect(outcome?.name == "reject")
        #expect((outcome?.reason?.count ?? 0) < 300)
    }

    @Test func `an answer that asks for no wait at all is obeyed too`() async throws {
        let receiver = try FaultyReceiver([
            .takeRequest, .send("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"),
        ])
        let outcome = try await Self.sink(receiver.url).send(.events("a"))
        #expect(outcome == .whole(.unavailable("The receiver answered 503.", retryAfter: .zero)))
    }

    @Test func `who closes a kept connection under a request gets it again on a new one`() async throws {
        let receiver = try FaultyReceiver([.takeRequest, .send("HTTP/1.1 204 Yes\r\n\r\n"), .reset])
        let sink = try Self.sink(receiver.url)
        for id in ["a", "b", "c"] { #expect(await sink.send(.events(id)) == .whole(.delivered)) }
        #expect(receiver.requestCount == 3)
    }

    static func sink(
        _ url: String,
        timeout: Duration = timeout,
        certificateAuthority: String? = nil
    ) throws -> WebhookSink {
        var settings: [String: ComponentSettings.Value] = [
            "url": .string(url), "timeout": .duration(timeout), "connect-timeout": .duration(timeout),
        ]
        if let certificateAuthority { settings["ca-file"] = .string(certificateAuthority) }
        return try WebhookSink(settings: ComponentSettings(settings), context: .sample())
    }
}
