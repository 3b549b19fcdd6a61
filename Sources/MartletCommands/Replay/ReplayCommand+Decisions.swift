import ArgumentParser
import MartletClient

extension ReplayCommand {
    /// `martlet replay pause`
    struct Pause: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause",
            abstract: "Stop a replay where it is.",
            discussion: """
                The log does not wait for a paused replay: what is removed by age or size meanwhile is counted as skipped.

                EXAMPLE
                  martlet replay pause 3
                """
        )

        @Argument(help: "The replay's id.")
        var id: String

        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            try context.print(ReplayCommand.line(try await server.client.pauseReplay(id)))
        }
    }

    /// `martlet replay resume`
    struct Resume: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume",
            abstract: "Let a paused replay go on from where it stopped.",
            discussion: """
                EXAMPLE
                  martlet replay resume 3
                """
        )

        @Argument(help: "The replay's id.")
        var id: String

        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            try context.print(ReplayCommand.line(try await server.client.resumeReplay(id)))
        }
    }

    /// `martlet replay cancel`
    struct Cancel: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel",
            abstract: "End a replay for good.",
            discussion: """
                EXAMPLE
                  martlet replay cancel 3
                """
        )

        @Argument(help: "The replay's id.")
        var id: String

        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            try context.print(ReplayCommand.line(try await server.client.cancelReplay(id)))
        }
    }

    private static func line(_ replay: ReplayAnswer) -> String {
        "replay \(replay.id): \(replay.state), \(Measures.count(replay.delivered)) delivered, "
            + "\(Measures.count(replay.pending)) pending"
    }
}
