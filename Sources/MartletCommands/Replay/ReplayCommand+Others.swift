import ArgumentParser
import Martlet
import MartletClient
import MartletJSON

extension ReplayCommand {
    /// `martlet replay list`
    struct List: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List replays, newest first.",
            discussion: """
                EXAMPLES
                  martlet replay list
                  martlet replay list --json | jq 'select(.failed > 0) | .id'
                """
        )

        @Flag(help: "Print replays in JSON, one a line.")
        var json = false

        @OptionGroup var colour: ColourOption
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let replays = try await server.client.replays()
            if json { return try context.print(json: replays.map(\.json)) }
            guard !replays.isEmpty else { return try context.note("There are no replays.") }
            try context.print(
                ReplayPage(now: context.clock.now(), width: context.terminal.outputWidth).table(replays),
                inColour: colour.mode.isOn(context.terminal, environment: context.environment)
            )
        }
    }

    /// `martlet replay show`
    struct Show: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show one replay.",
            discussion: """
                EXAMPLE
                  martlet replay show 3
                """
        )

        @Argument(help: "The replay's id.")
        var id: String

        @Flag(help: "Print the replay in JSON.")
        var json = false

        @OptionGroup var colour: ColourOption
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let replay = try await server.client.replay(id)
            if json { return try context.print(json: [replay.json]) }
            try context.print(
                ReplayPage(now: context.clock.now(), width: context.terminal.outputWidth).lines(replay),
                inColour: colour.mode.isOn(context.terminal, environment: context.environment)
            )
        }
    }

    /// `martlet replay follow`
    struct Follow: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "follow",
            abstract: "Follow a replay until it has ended.",
            discussion: """
                EXAMPLE
                  martlet replay follow 3
                """
        )

        @Argument(help: "The replay's id.")
        var id: String

        @OptionGroup var following: ReplayFollowingOptions
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let replay = try await server.client.replay(id)
            try await ReplayFollower(server: server, context: context, options: following).follow(replay)
        }
    }

    /// `martlet replay failures`
    struct Failures: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "failures",
            abstract: "List the events that a replay gave up on, with the reasons.",
            discussion: """
                EXAMPLES
                  martlet replay failures 3
                  martlet replay failures 3 --json | jq -r .position
                """
        )

        @Argument(help: "The replay's id.")
        var id: String

        @Option(name: .shortAndLong, help: "How many.")
        var limit = 50

        @Flag(help: "Print failures in JSON, one a line.")
        var json = false

        @OptionGroup var colour: ColourOption
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func validate() throws {
            guard (1...1_000).contains(limit) else {
                throw ValidationError("--limit \(limit): use a number from 1 to 1000.")
            }
        }

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let page = try await server.client.replayFailures(id, limit: limit)
            if json { return try context.print(json: page.items.map(\.json)) }
            guard !page.items.isEmpty else { return try context.note("No event of replay \(id) failed.") }
            var table = Table([.right("position"), .flexible("type"), .right("attempts"), .flexible("reason")])
            for failure in page.items {
                table.add([
                    StyledText(failure.position?.description ?? ""),
                    StyledText(failure.event?.json["type"]?.string ?? ""),
                    StyledText(Measures.count(failure.attempts)), StyledText(failure.reason, .red),
                ])
            }
            try context.print(
                table.lines(width: context.terminal.outputWidth),
                inColour: colour.mode.isOn(context.terminal, environment: context.environment)
            )
            if page.next != nil { try context.note("There are more; --limit says how many to list.") }
        }
    }
}
