import ArgumentParser
import Martlet
import MartletClient
import MartletJSON

extension SyncCommand {
    /// `martlet sync list`
    struct List: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the syncs since the server was started, newest first.",
            discussion: """
                EXAMPLES
                  martlet sync list
                  martlet sync list --json | jq 'select(.state == "failed") | .reason'
                """
        )

        @Flag(help: "Print syncs in JSON, one a line.")
        var json = false

        @OptionGroup var colour: ColourOption
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let syncs = try await server.client.syncs()
            if json { return try context.print(json: syncs.map(\.json)) }
            guard !syncs.isEmpty else {
                return try context.note("There has been no sync since the server was started.")
            }
            try context.print(
                SyncPage(width: context.terminal.outputWidth).table(syncs, now: context.clock.now()),
                inColour: colour.mode.isOn(context.terminal, environment: context.environment)
            )
        }
    }

    /// `martlet sync follow`
    struct Follow: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "follow",
            abstract: "Follow a sync until it has ended.",
            discussion: """
                EXAMPLE
                  martlet sync follow 3
                """
        )

        @Argument(help: "The sync's id.")
        var id: String

        @OptionGroup var following: SyncFollowingOptions
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let sync = try await server.client.sync(id)
            try await SyncFollower(server: server, context: context, options: following).follow(sync)
        }
    }

    /// `martlet sync stop`
    struct Stop: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "stop",
            abstract: "End a sync; what it has told the index stays.",
            discussion: """
                EXAMPLE
                  martlet sync stop 3
                """
        )

        @Argument(help: "The sync's id.")
        var id: String

        @OptionGroup var colour: ColourOption
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let sync = try await server.client.stopSync(id)
            try context.print(
                [SyncPage(width: context.terminal.outputWidth).headline(sync)],
                inColour: colour.mode.isOn(context.terminal, environment: context.environment)
            )
        }
    }
}
