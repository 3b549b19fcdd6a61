import ArgumentParser
import MartletClient

/// `martlet status`
struct StatusCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how the server, its sources and its forwarders are doing.",
        discussion: """
            Columns in which nothing has been counted are left out.

            EXAMPLES
              martlet status
              martlet status --url http://gateway:8585 --token-file token
              martlet status --json | jq '.forwarders[] | {name, pending}'
            """
    )

    @Flag(help: "Print the status in JSON.")
    var json = false

    @OptionGroup var colour: ColourOption
    @OptionGroup(title: "Server")
    var connection: ConnectionOptions

    func run(_ server: ServerConnection, in context: CommandContext) async throws {
        let status = try await server.client.status()
        if json { return try context.print(json: [status.json]) }
        let page = StatusPage(
            address: server.location.address,
            now: context.clock.now(),
            width: context.terminal.outputWidth
        )
        try context.print(
            page.lines(for: status),
            inColour: colour.mode.isOn(context.terminal, environment: context.environment)
        )
    }
}
