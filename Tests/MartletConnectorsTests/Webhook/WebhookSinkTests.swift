import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

@Suite(.timeLimit(.minutes(2))) struct WebhookSinkTests {
    private static let secret = "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

    private func sink(
        _ hook: Hook,
        _ settings: [String: ComponentSettings.Value] = [:],
        time: ManualTime = ManualTime()
    ) throws -> WebhookSink {
        let settings = settings.merging(["url": .string(hook.url)]) { first, _ in first }
        return try WebhookSink(settings: ComponentSettings(settings), context: .sample(time: time))
    }

    @Test(arguments: SinkConformance.Clause.all, [1, 3])
    func `a webhook is a sink`(_ clause: SinkConformance.Clause, batch: Int) async throws {
        let conformance = SinkConformance { body in
            let hook = try Receiver.plain.get().hook()
            let destination = SinkConformance.Destination(
                received: { try await hook.received().flatMap(\.eventIDs) },
                fail: { try await hook.script(.init(status: 500)) },
                mend: { try await hook.script(.init()) },
                hang: { try await hook.script(.init(hang: true)) },
                waitUntilHanging: { try await hook.waitUntilHanging() }
            )
            try await body(sink(hook, ["batch": .integer(batch)]), destination)
        }
        try await conformance.run(clause)
    }

    /// The table of `docs/reference/sink-webhook.md`.
    @Test(arguments: [
        (200, "delivered"), (201, "delivered"), (202, "delivered"), (204, "delivered"), (299, "delivered"),
        (301, "retry"), (302, "retry"), (307, "retry"), (400, "reject"), (401, "retry"), (403, "retry"), (404, "retry"),
        (408, "retry"), (409, "retry"), (410, "gone"), (413, "reject"), (415, "reject"), (422, "reject"),
        (425, "retry"),
        (429, "unavailable"), (500, "retry"), (501, "retry"), (502, "unavailable"), (503, "unavailable"),
        (504, "unavailable"), (505, "retry"),
    ])
    func `an answer means what the reference says`(status: Int, outcome: String) async throws {
        let hook = try Receiver.plain.get().hook()
        try await hook.script(.init(status: status))
        let answer = try await sink(hook).send(.events("a")).outcome
        #expect(answer?.name == outcome)
        #expect(answer?.reason?.contains("\(status)") ?? (outcome == "delivered"))
    }

    @Test func `a redirect is not followed, and the reason names the host that it leads to`() async throws {
        let hook = try Receiver.plain.get().hook()
        let elsewhere = try Receiver.plain.get().hook()
        try await hook.script(.init(status: 308, headers: ["Location": elsewhere.url]))
        let outcome = try await sink(hook).send(.events("a")).outcome
        let parts = elsewhere.url.split(separator: "/", omittingEmptySubsequences: false)
        #expect(outcome?.reason?.contains(parts.prefix(3).joined(separator: "/")) == true)
        #expect(outcome?.reason?.contains(elsewhere.url) == false, "the path may be a secret")
        #expect(try await elsewhere.received().isEmpty)
    }

    @Test(arguments: [("120", Duration.seconds(120)), ("Thu, 01 Jan 2026 00:00:30 GMT", .seconds(30)), ("never", nil)])
    func `Retry-After is obeyed`(text: String, wait: Duration?) async throws {
        let hook = try Receiver.plain.get().hook()
        try await hook.script(.init(status: 503, headers: ["Retry-After": text]))
        let outcome = try await sink(hook).send(.events("a"))
        #expect(outcome == .whole(.unavailable("The receiver answered 503.", retryAfter: wait)))
    }

    @Test func `what the receiver says about a bad event is quoted on one line`() async throws {
        let hook = try Receiver.plain.get().hook()
        try await hook.script(.init(status: 422, body: "no\nsuch\u{1B}field"))
        let outcome = try await sink(hook).send(.events("a"))
        #expect(outcome == .whole(.reject("The receiver answered 422: “no such field”.")))
    }

    @Test func `a signature is one that Python verifies, anew at each attempt under the same id`() async throws {
        let hook = try Receiver.plain.get().hook()
        try await hook.check(secrets: [
            Self.secret, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ])
        let time = ManualTime()
        let sink = try sink(
            hook,
            ["secret": .strings(["whsec_\(Self.secret)", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])],
            time: time
        )
        for _ in 1...2 {
            #expect(await sink.send(.events("a", id: "stable")) == .whole(.delivered))
            time.advance(by: .seconds(60))
        }
        let received = try await hook.received()
        #expect(received.map(\.verified) == [[true, true, false], [true, true, false]])
        #expect(received.map { $0.headers["webhook-id"] } == ["stable", "stable"])
        #expect(received.map { $0.headers["webhook-timestamp"] } == ["1767225600", "1767225660"])
        #expect(received[0].headers["user-agent"]?.hasPrefix("Martlet/") == true)
    }

    @Test func `a receiver on a private network is refused where networks are restricted, and spends an attempt`()
        async throws
    {
        let hook = try Receiver.plain.get().hook()
        let restricted: [String: ComponentSettings.Value] = [
            "restrict-networks": .boolean(true), "allow-plain-http": .boolean(true),
        ]
        let refused = try await sink(hook, restricted).send(.events("a")).outcome
        #expect(refused?.name == "retry")
        #expect(refused?.reason?.contains("allow-networks") == true)
        #expect(try await hook.received().isEmpty)

        let allowed: [String: ComponentSettings.Value] = [
            "allow-networks": .strings(["127.0.0.0/8"]), "allow-plain-http": .boolean(true),
        ]
        #expect(try await sink(hook, allowed).send(.events("a")) == .whole(.delivered))

        // Whoever supplied the URL is not shown what such a server answers.
        try await hook.script(.init(status: 400, body: "secret of the inner network"))
        #expect(try await sink(hook, allowed).send(.events("a")) == .whole(.reject("The receiver answered 400.")))
    }

    @Test(arguments: ["http://127.0.0.1:1/", "http://no-such-host.invalid/"])
    func `a receiver that cannot be reached is unavailable`(_ url: String) async throws {
        let hook = try Receiver.plain.get().hook()
        #expect(try await sink(hook, ["url": .string(url)]).send(.events("a")).outcome?.name == "unavailable")
    }

    @Test func `a receiver that does not answer in time is unavailable`() async throws {
        let hook = try Receiver.plain.get().hook()
        try await hook.script(.init(hang: true))
        let outcome = try await sink(hook, ["timeout": .duration(.milliseconds(100))]).send(.events("a")).outcome
        #expect(outcome?.name == "unavailable")
    }

    @Test func `TLS is verified, by a file of authorities where one is given`() async throws {
        let secure = try SecureReceiver.shared.get()
        let hook = secure.receiver.hook(certificateAuthority: secure.certificate)
        #expect(try await sink(hook).send(.events("a")).outcome?.name == "unavailable")
        #expect(try await sink(hook, ["ca-file": .string(secure.certificate)]).send(.events("a")) == .whole(.delivered))
        #expect(try await hook.received().count == 1)
    }

    @Test func `a reason never shows the path of the URL`() async throws {
        let hook = try Receiver.plain.get().hook()
        let outcome = try await sink(hook, ["url": .string("http://127.0.0.1:1/token-4711?key=4712")]).send(
            .events("a")
        ).outcome
        #expect(outcome?.reason?.contains("471") == false)
    }
}

extension Receiver.Request {
    /// The ids of the events in the body, which is an event or an array of them.
    fileprivate var eventIDs: [String] {
        body.components(separatedBy: #""id":""#).dropFirst().compactMap {
            $0.split(separator: "\"").first.map(String.init)
        }
    }
}
