import Foundation
import MartletTesting

extension Command {
    /// Runs the program under test.
    static func martlet(
        _ arguments: String...,
        on server: Server? = nil,
        input: String = ""
    ) async throws -> Result {
        let environment = server.map { ["MARTLET_URL": $0.url, "MARTLET_TOKEN": $0.token] } ?? [:]
        return try await run(Server.binary.path, arguments, input: input, environment: environment)
    }
}
