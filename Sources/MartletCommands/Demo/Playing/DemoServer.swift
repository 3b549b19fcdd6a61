import Logging
import MartletClient
import MartletGateway

/// A server in this process, and what is to be done with it.
struct DemoServer: Sendable {
    let dataDirectory: String
    let context: CommandContext

    private enum Ending { case server, play }

    /// Runs the server until it is told to stop (SIGTERM, Ctrl-C), and `play` as soon as it accepts.
    ///
    /// The server outlives a play that comes to its end; a play that fails takes the server with it.
    func run(_ play: @escaping @Sendable (ConnectionOptions) async throws -> Void) async throws {
        let (places, announcement) = AsyncStream.makeStream(of: ConnectionOptions.self)
        try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                defer { announcement.finish() }
                try await serve { announcement.yield($0) }
                return .server
            }
            group.addTask {
                for await place in places {
                    do {
                        try await play(place)
                    } catch let failure as CommandFailure where failure.status == .unreachable {
                        // The server is stopping, or has an error of its own to tell.
                    }
                    break
                }
                return .play
            }
            while let ending = try await group.next() {
                guard case .server = ending else { continue }
                return group.cancelAll()
            }
        }
    }

    private func serve(_ announce: @escaping @Sendable (ConnectionOptions) -> Void) async throws {
        var logger = Logger(label: "martlet") { OneLineLogHandler.standardError(label: $0) }
        // What happens is on the screen already.
        logger.logLevel = .warning
        let options = GatewayOptions(
            dataDirectory: dataDirectory,
            environment: context.environment,
            logger: logger
        ) { listening in
            // Where nobody reads the output any more, the play ends by itself.
            try? context.note("listening on \(listening.url)\ntoken in \(listening.tokenFile)")
            var place = ConnectionOptions()
            place.url = listening.url
            place.tokenFile = listening.tokenFile
            place.data = listening.dataDirectory
            announce(place)
        }
        do {
            try await Gateway.run(options)
        } catch let error as ConfigurationError {
            throw CommandFailure("The configuration cannot be used.\n\(error)", status: .configuration)
        }
    }
}
