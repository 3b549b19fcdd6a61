import Logging
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

/// The sink against OpenStack's own Zaqar, which asks a stand-in for Keystone whether a token is good.
@Suite(
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: ZaqarServer.isInstalled, "\(ZaqarServer.absenceReason)")
)
struct ZaqarKeystoneTests {
    private struct Cloud {
        let keystone: KeystoneStandIn
        let zaqar: ZaqarServer
        let time = ManualTime()

        init() async throws {
            keystone = try await KeystoneStandIn.start()
            zaqar = try await ZaqarServer.start(keystone: keystone.serviceUser)
            try await keystone.setMessaging(zaqar.url)
        }

        func sink(secret: String = KeystoneStandIn.applicationSecret, region: String? = nil) throws -> ZaqarSink {
            var section: [String: ComponentSettings.Value] = [
                "auth-url": .string(keystone.url), "application-credential-id": .string("i1"),
                "application-credential-secret": .string(secret),
            ]
            if let region { section["region"] = .string(region) }
            let settings: [String: ComponentSettings.Value] = [
                "queue": .string("q"), "keystone": .section(ComponentSettings(section)),
            ]
            return try ZaqarSink(settings: ComponentSettings(settings), context: .sample(time: time))
        }
    }

    private static func outcome(_ outcome: BatchOutcome) -> DeliveryOutcome? {
        if case .each(let outcomes) = outcome { outcomes.first } else { nil }
    }

    @Test func `Zaqar is found in the catalogue, and a token that it refuses is renewed once`() async throws {
        let cloud = try await Cloud()
        let sink = try cloud.sink()
        #expect(Self.outcome(await sink.send(.events("a"))) == .delivered)
        try await cloud.keystone.revokeAll()
        #expect(Self.outcome(await sink.send(.events("b"))) == .delivered)
        #expect(try await cloud.keystone.requests().count == 2)

        // A new token that is refused as well is no reason to ask for another.
        try await cloud.keystone.script(.init(headers: ["X-Subject-Token": "s33ded-unknown"], text: Self.unknownToken))
        try await cloud.keystone.revokeAll()
        let refused = try #require(Self.outcome(await sink.send(.events("c"))))
        #expect(refused.name == "unavailable")
        #expect(refused.reason?.contains("401") == true)
        #expect(refused.reason?.contains("s33ded") == false)
        #expect(try await cloud.keystone.requests().count == 3)

        let other = try cloud.sink(region: "elsewhere")
        try await cloud.keystone.script(.init())
        let homeless = try #require(Self.outcome(await other.send(.events("d"))))
        #expect(homeless.reason?.contains("public in RegionOne") == true)
    }

    @Test func `a Keystone that fails costs no attempt, and its secret is in no reason`() async throws {
        let cloud = try await Cloud()
        let sink = try cloud.sink()
        try await cloud.keystone.script(
            .init(status: 503, headers: ["Retry-After": "11"]),
            .init(truncate: 30),
            .init(text: "$REQUEST"),
            .init()
        )
        var reasons: [String] = []
        for _ in 1...3 {
            let outcome = try #require(Self.outcome(await sink.send(.events("a"))))
            #expect(outcome.name == "unavailable")
            reasons.append(outcome.reason ?? "")
        }
        #expect(Self.outcome(await sink.send(.events("a"))) == .delivered)

        let wrong = try cloud.sink(secret: "s33ded wrong")
        let refused = try #require(Self.outcome(await wrong.send(.events("a"))))
        #expect(refused.name == "unavailable")
        reasons.append(refused.reason ?? "")
        #expect(reasons.allSatisfy { !$0.contains("s33ded") }, "\(reasons)")
    }

    private static let unknownToken =
        #"{"token":{"issued_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T01:00:00Z","catalog":[{"type":"messaging","#
        + #""endpoints":[{"interface":"public","url":"$MESSAGING"}]}]}}"#
}
