import ArgumentParser
import Foundation
import Martlet
import MartletClient

/// A client of one server, and where it was found.
struct ServerConnection: Sendable {
    let client: APIClient
    let location: ServerLocation

    init(_ options: ConnectionOptions, environment: [String: String]) throws {
        location = try ServerLocation(options, environment: environment, read: ServerConnection.read)
        client = try APIClient(address: location.address, token: location.token, version: Release.version)
    }

    /// What to tell the user of a failure, and what to do about it.
    func explain(_ error: ClientError) -> CommandFailure {
        let address = location.address
        switch error.code {
        case .badAddress:
            return CommandFailure("The address \(address) cannot be used. \(error.message)", status: .usage)
        case .unreachable:
            return CommandFailure(
                """
                The server at \(address) cannot be reached.
                \(error.message)
                Start one with "martlet serve", or say where it is with --url or MARTLET_URL.
                """,
                status: .unreachable
            )
        case .unauthorized where location.token == nil:
            return CommandFailure(
                """
                The server at \(address) wants a token, and there is none: looked at \(location.tokenOrigin).
                The server keeps it in the file admin.token of its data directory; name that with --data or --token-file.
                """,
                status: .unauthorized
            )
        case .unauthorized:
            return CommandFailure(
                """
                The server at \(address) does not accept the token from \(location.tokenOrigin).
                The server keeps the right one in the file admin.token of its data directory.
                """,
                status: .unauthorized
            )
        case .forbidden:
            return CommandFailure("Not allowed: \(error.message)", status: .unauthorized)
        default:
            return CommandFailure(error.message)
        }
    }

    /// The text of a small file; nil where there is none.
    private static func read(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw CommandFailure(
                "The file \(path) cannot be read: \(error.localizedDescription)",
                status: .unauthorized
            )
        }
    }
}

/// A command that speaks to a server.
protocol ServerCommand: ContextCommand {
    var connection: ConnectionOptions { get }
    func run(_ server: ServerConnection, in context: CommandContext) async throws
}

extension ServerCommand {
    func run(in context: CommandContext) async throws {
        let server: ServerConnection
        do {
            server = try ServerConnection(connection, environment: context.environment)
        } catch let error as ClientError {
            throw CommandFailure(error.message)
        }
        do {
            try await run(server, in: context)
        } catch let error as ClientError {
            throw server.explain(error)
        }
    }
}
