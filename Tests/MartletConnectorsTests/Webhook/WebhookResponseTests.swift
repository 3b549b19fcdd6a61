import Martlet
import MartletPipeline
import Testing

@testable import MartletConnectors
@testable import MartletTransfer

/// What a request that was not answered means for its events.
@Suite struct WebhookResponseTests {
    private enum Meaning {
        case retry, reject, unavailable
    }

    private static func meaning(of code: TransferError.Code) throws -> Meaning? {
        let settings = ComponentSettings(["url": .string("https://host/")])
        let response = WebhookResponse(configuration: try WebhookConfiguration(settings))
        return switch response.outcome(of: TransferError(code, "why")) {
        case .retry: .retry
        case .reject: .reject
        case .unavailable: .unavailable
        default: nil
        }
    }

    @Test func `what was never sent, and never can be, is rejected`() throws {
        #expect(try Self.meaning(of: .badRequest) == .reject)
    }

    @Test(arguments: [TransferError.Code.forbiddenAddress, .badURL, .tooLarge])
    func `what waiting alone does not help is an attempt`(_ code: TransferError.Code) throws {
        #expect(try Self.meaning(of: code) == .retry)
    }

    @Test(arguments: [
        "<pre>Cannot POST /services/T0/B0/hook-secret-1?key=hook-secret-2</pre>",
        "The requested URL /services/T0/B0/hook-secret-1 was not found on this server.",
        #"{"status":404,"path":"\/services\/T0\/B0\/hook-secret-1"}"#,
        "No route for http://user-name:hook%2Fsecret-3@host/services/T0/B0/hook-secret-1?key=hook-secret-2",
        "user-name:hook/secret-3 may not", "Authorization: Basic dXNlci1uYW1lOmhvb2svc2VjcmV0LTM=",
        "Authorization: Bearer hook-secret-4 is unknown", "token hook-secret-4?",
        "key=hook-secret-2 is over; " + String(repeating: "hook-secret-1 ", count: 900),
    ])
    func `what a receiver says never shows the URL and the headers`(_ answer: String) throws {
        let settings = ComponentSettings([
            "url": .string(
                "https://user-name:hook%2Fsecret-3@host/services/T0/B0/hook-secret-1?key=hook-secret-2&v=2"
            ),
            "headers": .table(["Authorization": "Bearer hook-secret-4"]),
        ])
        let response = WebhookResponse(configuration: try WebhookConfiguration(settings))
        for status in [400, 404, 500] {
            let outcome = response.outcome(
                of: HTTPResponse(status: status, headers: HTTPHeaders(), body: Array(answer.utf8)),
                now: Timestamp(nanoseconds: 0)
            )
            let reason = try #require(outcome.reason)
            #expect(reason.contains("(secret)"), "\(reason)")
            for part in ["dXNlci1uYW1lOmhvb2s", "secret-1", "secret-2", "secret-3", "secret-4"] {
                #expect(!reason.contains(part), "\(reason)")
            }
        }
    }
}
