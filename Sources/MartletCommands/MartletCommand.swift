import ArgumentParser
import Martlet
import MartletClient

/// `martlet`
struct MartletCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Carries everything that happens in a private cloud to whoever needs to know, and never drops it.",
        discussion: """
            EXAMPLES
              martlet serve
              martlet publish events.jsonl
              martlet events --follow

            The exit code is 0 when all went well, 1 when the server or the command failed, 64 for a wrong command line, 66 \
            where there is no store or backup, 69 when the server cannot be reached, 77 when it does not let us in, 78 for a wrong \
            configuration.
            """,
        version: Release.version,
        groupedSubcommands: [
            CommandGroup(
                name: "First look",
                subcommands: [TryCommand.self, SetupCommand.self, DemoCommand.self]
            ),
            CommandGroup(
                name: "Server",
                subcommands: [
                    ServeCommand.self, CheckCommand.self, ReloadCommand.self, StatusCommand.self, DoctorCommand.self,
                    StoreCommand.self,
                ]
            ),
            CommandGroup(
                name: "Events",
                subcommands: [
                    PublishCommand.self, EventsCommand.self, ResourceCommand.self, SearchCommand.self, SyncCommand.self,
                ]
            ),
            CommandGroup(
                name: "Delivery",
                subcommands: [
                    ForwardersCommand.self, DeadLettersCommand.self, ReplayCommand.self, QuarantineCommand.self,
                ]
            ),
            CommandGroup(
                name: "This program",
                subcommands: [ComponentsCommand.self, CompletionsCommand.self, VersionCommand.self]
            ),
        ]
    )
}

/// `martlet version`
struct VersionCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print this program's version.",
        discussion: """
            EXAMPLE
              martlet version
            """
    )

    func run(in context: CommandContext) async throws {
        try context.print(Release.version)
    }
}

/// The program: reads the command line, runs the command and ends the process with its exit code.
package enum MartletProgram {
    package static func main() async {
        await MartletCommand.main()
    }
}
