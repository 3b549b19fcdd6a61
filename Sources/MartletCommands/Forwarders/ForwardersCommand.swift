import ArgumentParser
import MartletClient

/// `martlet forwarders`
struct ForwardersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forwarders",
        abstract: "List, pause and resume forwarders.",
        discussion: """
            EXAMPLES
              martlet forwarders list
              martlet forwarders pause billing
              martlet forwarders resume billing
            """,
        subcommands: [List.self, Pause.self, Resume.self]
    )

    /// `martlet forwarders list`
    struct List: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List forwarders with what became of their events.",
            discussion: """
                EXAMPLE
                  martlet forwarders list
                """
        )

        @Flag(help: "Print forwarders in JSON, one a line.")
        var json = false

        @OptionGroup var colour: ColourOption
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let forwarders = try await server.client.forwarders()
            if json { return try context.print(json: forwarders.map(\.json)) }
            guard !forwarders.isEmpty else { return try context.note("There are no forwarders.") }
            try context.print(
                ForwarderTable(now: context.clock.now(), width: context.terminal.outputWidth).lines(for: forwarders),
                inColour: colour.mode.isOn(context.terminal, environment: context.environment)
            )
        }
    }

    /// `martlet forwarders pause`
    struct Pause: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause",
            abstract: "Stop a forwarder from delivering; its events wait in the store.",
            discussion: """
                EXAMPLE
                  martlet forwarders pause billing
                """
        )

        @Argument(help: "The forwarder's name.")
        var name: String

        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let forwarder = try await server.client.pauseForwarder(name)
            try context.print("\(forwarder.name): \(forwarder.state), \(Measures.count(forwarder.pending)) pending")
        }
    }

    /// `martlet forwarders resume`
    struct Resume: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume",
            abstract: "Let a paused forwarder deliver again, from where it stopped.",
            discussion: """
                EXAMPLE
                  martlet forwarders resume billing
                """
        )

        @Argument(help: "The forwarder's name.")
        var name: String

        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let forwarder = try await server.client.resumeForwarder(name)
            try context.print("\(forwarder.name): \(forwarder.state), \(Measures.count(forwarder.pending)) pending")
        }
    }
}
