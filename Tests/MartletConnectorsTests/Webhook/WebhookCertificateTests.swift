import Foundation
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

/// Receivers whose TLS cannot be trusted, or is none: unavailable, with a reason that tells what is wrong with it.
@Suite(.timeLimit(.minutes(2))) struct WebhookCertificateTests {
    private static let made = Task {
        let directory = try ScratchDirectory.make()
        return (try await FaultyCertificates(in: directory), directory)
    }

    @Test(arguments: [("expired", "expired"), ("early", "not yet valid"), ("misnamed", "name")])
    func `a certificate that is not good is refused, and the reason says why`(name: String, says: String) async throws {
        let (certificates, directory) = try await Self.made.value
        let (server, port) = try await FaultyCertificates.serve(certificates.pair(named: name), in: directory)
        let sink = try WebhookFaultTests.sink(
            "https://localhost:\(port)/secret-path",
            timeout: .seconds(20),
            certificateAuthority: certificates.authority.path
        )
        let outcome = await sink.send(.events("a")).outcome
        #expect(outcome?.name == "unavailable")
        let reason = outcome?.reason ?? ""
        #expect(reason.contains("No trusted connection") && reason.contains(says), "\(name): \(reason)")
        #expect(!reason.contains("secret-path"))
        await server.end()
    }

    @Test func `an authority that nobody knows is refused, one that is given is believed`() async throws {
        let (certificates, directory) = try await Self.made.value
        let (server, port) = try await FaultyCertificates.serve(certificates.good, in: directory)
        let url = "https://localhost:\(port)/"
        let stranger = try await WebhookFaultTests.sink(url, timeout: .seconds(20)).send(.events("a")).outcome
        #expect(stranger?.name == "unavailable")
        #expect(stranger?.reason?.contains("certificate authority") == true, "\(stranger?.reason ?? "")")
        let authority = certificates.authority.path
        let known = try WebhookFaultTests.sink(url, timeout: .seconds(20), certificateAuthority: authority)
        let reason = await known.send(.events("a")).outcome?.reason ?? ""
        #expect(!reason.contains("No trusted connection"), "it trusts, whatever openssl answers: \(reason)")
        await server.end()
    }

    @Test(
        arguments: [
            ("cuts the handshake", []), ("falls silent in it", [.hang]),
            ("speaks no TLS", [.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), .hang]),
        ] as [(String, [FaultyReceiver.Step])]
    )
    func `a handshake that does not come to its end leaves the receiver unavailable`(
        name: String,
        steps: [FaultyReceiver.Step]
    ) async throws {
        let receiver = try FaultyReceiver(steps)
        let outcome = try await WebhookFaultTests.sink("https://127.0.0.1:\(receiver.port)/").send(.events("a")).outcome
        #expect(outcome?.name == "unavailable")
        #expect(outcome?.reason?.contains("127.0.0.1:\(receiver.port)") == true)
    }
}

extension FaultyCertificates {
    fileprivate func pair(named name: String) -> Pair {
        switch name {
        case "expired": expired
        case "early": early
        default: misnamed
        }
    }
}
