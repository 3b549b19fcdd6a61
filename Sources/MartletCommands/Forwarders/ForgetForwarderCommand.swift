import ArgumentParser
import MartletClient

/// `martlet forwarders forget`
struct ForgetForwarderCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Erase a retired forwarder: its place in the log, its numbers and its dead letters.",
        discussion: """
            A forwarder that has been taken out of the configuration is retired: the server keeps what it has achieved, and it \
            goes on from there if it comes back. One that is forgotten would start anew. What is in the log stays there.

            EXAMPLE
              martlet forwarders forget billing
            """
    )

    @Argument(help: "The forwarder's name.")
    var name: String

    @OptionGroup(title: "Server")
    var connection: ConnectionOptions

    func run(_ server: ServerConnection, in context: CommandContext) async throws {
        try await server.client.forgetForwarder(name)
        try context.print("\(name) is forgotten")
    }
}
