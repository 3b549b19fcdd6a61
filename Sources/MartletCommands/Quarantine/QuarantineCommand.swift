import ArgumentParser
import MartletClient

/// `martlet quarantine`
struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "See what could not be read, and read it again after a fix.",
        discussion: """
            EXAMPLES
              martlet quarantine list
              martlet quarantine retry --all
            """,
        subcommands: [List.self, Retry.self]
    )

    /// `martlet quarantine list`
    struct List: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List what could not be read, each with the reason and the beginning of its text.",
            discussion: """
                EXAMPLES
                  martlet quarantine list --source cloudstack
                  martlet quarantine list --json | jq -r .text
                """
        )

        @Option(help: ArgumentHelp("From this source.", valueName: "name"))
        var source: String?

        @Option(name: [.customShort("n"), .long], help: ArgumentHelp("At most so many.", valueName: "count"))
        var limit = 100

        @Option(help: ArgumentHelp("After this one.", valueName: "id"))
        var after: String?

        @Flag(help: "Print items in JSON, one a line.")
        var json = false

        @OptionGroup var colour: ColourOption
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let page = try await server.client.quarantine(source: source, after: after, limit: limit)
            if json {
                try context.print(json: page.items.map(\.json))
            } else if page.items.isEmpty {
                try context.note("The quarantine is empty.")
            } else {
                var table = Table([
                    .left("id"), .left("time"), .left("source"), .right("size"), .flexible("reason"), .flexible("text"),
                ])
                for item in page.items {
                    table.add([
                        StyledText(item.id),
                        StyledText(item.time.map { context.clock.read($0).dateAndTime } ?? "", .dim),
                        StyledText(item.source), StyledText(Measures.size(item.size)), StyledText(item.reason, .red),
                        StyledText(String((item.text ?? "").prefix(200)), .dim),
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

    /// `martlet quarantine retry`
    struct Retry: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry",
            abstract: "Read items again; those that can be read now are accepted.",
            discussion: """
                The exit code is 1 where some still cannot be read.

                EXAMPLES
                  martlet quarantine retry 3 4
                  martlet quarantine retry --source cloudstack
                  martlet quarantine retry --all
                """
        )

        @Argument(help: "Their ids.")
        var id: [String] = []

        @Option(help: ArgumentHelp("All from this source.", valueName: "name"))
        var source: String?

        @Flag(help: "All there are.")
        var all = false

        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func validate() throws {
            guard [!id.isEmpty, source != nil, all].count(where: { $0 }) == 1 else {
                throw ValidationError("Say which: ids, --source NAME, or --all.")
            }
        }

        private var selection: Selection {
            if all { return .all }
            return source.map { .source($0) } ?? .ids(id)
        }

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let answer = try await server.client.retryQuarantine(selection)
            for problem in answer.problems { try context.note("\(problem.id): \(problem.reason)") }
            try context.print("accepted \(answer.accepted), failed \(answer.failed)")
            if answer.failed > 0 { throw CommandFailure.silent(.failed) }
        }
    }
}
