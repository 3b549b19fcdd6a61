import Martlet
import MartletJSON
package import MartletPipeline
import MartletTransfer

/// CloudStack's API, asked with signed requests.
///
/// Nothing is retried, and nothing remembered.
package struct CloudStackAPI: Sendable {
    /// Where it is, and as whom to ask.
    package struct Settings: Sendable {
        /// The whole address: `https://cloud.example/client/api`.
        package var endpoint: String
        package var keys: CloudStackKeys
        /// How long one request may take.
        package var timeout = Duration.seconds(5)
        /// A file of PEM certificates to verify the server by, instead of the system's.
        package var certificateAuthority: String?

        package init(endpoint: String, keys: CloudStackKeys) {
            self.endpoint = endpoint
            self.keys = keys
        }
    }

    /// How long a list may take at the least.
    private static let patience = Duration.seconds(60)

    private var settings: Settings
    private let time: any TimeSource
    private let transfer = EnricherTransfer()

    package init(_ settings: Settings, time: any TimeSource) {
        self.settings = settings
        self.time = time
    }

    /// The same API, whose answers may take longer: a list of hundreds of resources does.
    package var patient: CloudStackAPI {
        var copy = self
        copy.settings.timeout = max(settings.timeout, Self.patience)
        return copy
    }

    /// What a command lists.
    package func list(
        _ command: CloudStackListCommand,
        _ parameters: [String: String] = [:]
    ) async throws(CloudStackError) -> CloudStackList {
        let answer = CloudStackAnswer(command: command, keys: settings.keys)
        let request = CloudStackRequest(settings: settings).make(
            command.name,
            command.parameters.merging(parameters) { $1 },
            now: time.now
        )
        let response: HTTPResponse
        do throws(TransferError) {
            response = try await transfer.perform(request)
        } catch {
            throw answer.error(error)
        }
        return try answer.list(in: response, now: time.now)
    }

    /// All resources that a command lists, a page at a time.
    package func pages(
        of command: CloudStackListCommand,
        _ parameters: [String: String] = [:],
        size: Int = 500
    ) -> CloudStackPages {
        CloudStackPages(api: self, command: command, parameters: parameters, size: size)
    }

    /// Lets go of the connections; what is asked from now on has no answer.
    package func close() async { await transfer.close() }
}
