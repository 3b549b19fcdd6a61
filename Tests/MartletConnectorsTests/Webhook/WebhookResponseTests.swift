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
}
