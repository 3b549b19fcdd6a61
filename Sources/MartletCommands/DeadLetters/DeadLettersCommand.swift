import ArgumentParser
import MartletClient

/// `martlet dead-letters`
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "See what forwarders gave up on, deliver it again, or discard it.",
        discussion: """
            EXAMPLES
              martlet dead-letters list --forwarder noc
              martlet dead-letters redeliver --all --forwarder noc
            """,
        subcommands: [List.self, Show.self, Redeliver.self, Discard.self]
    )

    /// `martlet dead-letters list`
    struct List: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List dead letters, each with its reason.",
            discussion: """
                EXAMPLE
                  martlet dead-letters list --forwarder noc
                """
        )

        @Option(help: ArgumentHelp("Of this forwarder.", valueName: "name"))
        var forwarder: String?

        @Option(name: [.customShort("n"), .long], help: ArgumentHelp("At most so many.", valueName: "count"))
        var limit = 100

        @Option(help: ArgumentHelp("After this one.", valueName: "id"))
        var after: String?

        @Flag(help: "Print dead letters in JSON, one a line.")
        var json = false

        @OptionGroup var colour: ColourOption
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let page = try await server.client.deadLetters(forwarder: forwarder, after: after, limit: limit)
            if json {
                try context.print(json: page.items.map(\.json))
            } else if page.items.isEmpty {
                try context.note("There are no dead letters.")
            } else {
                var table = Table([
                    .left("id"), .left("time"), .left("forwarder"), .right("attempts"), .flexible("event"),
                    .left("resource"), .flexible("reason"),
                ])
                for letter in page.items {
                    table.add([
                        StyledText(letter.id),
                        StyledText(letter.time.map { context.clock.read($0).dateAndTime } ?? "", .dim),
                        StyledText(letter.forwarder), StyledText(Measures.count(letter.attempts)),
                        StyledText(letter.event?.shortType ?? ""),
                        StyledText(letter.event?.resource?.shortID ?? "", .dim), StyledText(letter.reason, .red),
                    ])
                }
                try context.print(
                    table.lines(width: context.terminal.outputWidth),
                    inColour: colour.mode.isOn(context.terminal, environment: context.environment)
                )
            }
            if let next = page.next { try context.note("There are more: --after \(next) goes on.") }
        }
    }

    /// `martlet dead-letters show`
    struct Show: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show one dead letter with its event, in JSON.",
            discussion: """
                EXAMPLE
                  martlet dead-letters show 17 | jq .event.data
                """
        )

        @Argument(help: "Its id.")
        var id: String

        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            try context.print(json: [try await server.client.deadLetter(id).json])
        }
    }
}
