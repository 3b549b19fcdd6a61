import ArgumentParser
import Martlet
import MartletClient

/// `martlet resource`
struct ResourceCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "resource",
        abstract: "Show what is known of a resource, and its time line.",
        discussion: """
            EXAMPLES
              martlet resource VirtualMachine 9c3d1e42-5b7a-4c11-9a52-0e2f6d8b7c10
              martlet resource Volume 4f0c… --cloud prod --timeline 50
              martlet resource VirtualMachine 9c3d… --json | jq .document.details
            """
    )

    @Argument(help: "Its type: VirtualMachine, Volume, Network, …")
    var type: String

    @Argument(help: "Its id.")
    var id: String

    @Option(help: ArgumentHelp("Its cloud, where several have such a resource.", valueName: "name"))
    var cloud: String?

    @Option(help: ArgumentHelp("How many of its last events to show.", valueName: "count"))
    var timeline = 10

    @Flag(help: "Print the resource in JSON.")
    var json = false

    @OptionGroup var colour: ColourOption
    @OptionGroup(title: "Server")
    var connection: ConnectionOptions

    func validate() throws {
        guard (0...APIClient.largestPage).contains(timeline) else {
            throw ValidationError("--timeline \(timeline): use 0 to \(APIClient.largestPage).")
        }
    }

    func run(_ server: ServerConnection, in context: CommandContext) async throws {
        let reference = ResourceReference(type: type, id: id)
        let resource: ResourceAnswer
        do {
            resource = try await server.client.resource(reference, cloud: cloud)
        } catch {
            throw explain(error, of: reference)
        }
        if json { return try context.print(json: [resource.json]) }

        let isColoured = colour.mode.isOn(context.terminal, environment: context.environment)
        let page = ResourcePage(clock: context.clock, width: context.terminal.outputWidth)
        try context.print(page.lines(for: resource), inColour: isColoured)
        guard timeline > 0 else { return }
        let events = try await server.client.timeline(of: reference, cloud: resource.cloud, limit: timeline)
        guard !events.isEmpty else { return }
        try context.print([StyledText(), StyledText("TIME LINE", .dim)])
        var formatter = EventLineFormatter(
            layout: EventLineLayout(width: context.terminal.outputWidth),
            clock: context.clock
        )
        // The newest comes first from the server, and stands last here, as in `martlet events`.
        try context.print(
            events.reversed().flatMap { formatter.lines(for: ListedEvent(json: $0)) },
            inColour: isColoured
        )
    }

    /// Names the clouds to choose from, where several have such a resource.
    private func explain(_ error: ClientError, of reference: ResourceReference) -> any Error {
        guard let clouds = error.problem?.clouds, !clouds.isEmpty else { return error }
        let choices = clouds.map { "\n  --cloud \($0)" }.joined()
        return CommandFailure("Several clouds have \(reference). Choose one:\(choices)")
    }
}
