import Martlet
package import MartletJSON
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

    private let settings: Settings
    private let time: any TimeSource
    private let transfer = EnricherTransfer()

    package init(_ settings: Settings, time: any TimeSource) {
        self.settings = settings
        self.time = time
    }

    /// The resources that a command lists.
    package func list(
        _ command: CloudStackListCommand,
        _ parameters: [String: String] = [:]
    ) async throws(CloudStackError) -> [JSONValue] {
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
        return try answer.resources(in: response, now: time.now)
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

/// The pages of a list.
package struct CloudStackPages: Sendable {
    fileprivate let api: CloudStackAPI
    fileprivate let command: CloudStackListCommand
    fileprivate let parameters: [String: String]
    fileprivate let size: Int
    private var number = 1
    private var isOver = false

    fileprivate init(api: CloudStackAPI, command: CloudStackListCommand, parameters: [String: String], size: Int) {
        self.api = api
        self.command = command
        self.parameters = parameters
        self.size = size
    }

    /// The next page, never empty; `nil` behind the last one. What threw may be asked for again.
    package mutating func next() async throws(CloudStackError) -> [JSONValue]? {
        guard !isOver else { return nil }
        let page = try await api.list(
            command,
            parameters.merging(["page": "\(number)", "pagesize": "\(size)"]) { $1 }
        )
        number += 1
        // `count` is the whole number in some answers and the page's in others.
        isOver = page.count < size
        return page.isEmpty ? nil : page
    }
}
