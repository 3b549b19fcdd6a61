import ArgumentParser
import Martlet
import MartletClient

/// `martlet search`
struct SearchCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find resources by names, ids, addresses and descriptions.",
        discussion: """
            EXAMPLES
              martlet search web
              martlet search 10.1.1.17 --type VirtualMachine --state Running
            """
    )

    @Argument(help: "Words to look for; all have to be there.")
    var text: [String]

    @Option(help: ArgumentHelp("Of this type.", valueName: "type"))
    var type: String?

    @Option(help: ArgumentHelp("Of this cloud.", valueName: "name"))
    var cloud: String?

    @Option(help: ArgumentHelp("In this state.", valueName: "state"))
    var state: String?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("At most so many.", valueName: "count"))
    var limit = 50

    @Flag(help: "Print resources in JSON, one a line.")
    var json = false

    @OptionGroup var colour: ColourOption
    @OptionGroup(title: "Server")
    var connection: ConnectionOptions

    func run(_ server: ServerConnection, in context: CommandContext) async throws {
        let search = ResourceSearch(
            text: text.joined(separator: " "),
            type: type,
            cloud: cloud,
            state: state,
            limit: limit
        )
        let found = try await server.client.resources(search).found
        if json { return try context.print(json: found.map(\.json)) }
        guard !found.isEmpty else { return try context.note("Nothing found.") }
        var table = Table([
            .flexible("type"), .left("id"), .flexible("name"), .left("state"), .left("cloud"), .left("updated"),
        ])
        for resource in found {
            table.add([
                StyledText(resource.type), StyledText(resource.id, .dim), StyledText(resource.name ?? ""),
                StyledText(resource.state ?? "", .cyan), StyledText(resource.cloud),
                StyledText(resource.updated.map { Measures.age(context.clock.now() - $0) } ?? "", .dim),
            ])
        }
        try context.print(
            table.lines(width: context.terminal.outputWidth),
            inColour: colour.mode.isOn(context.terminal, environment: context.environment)
        )
        if found.count == limit { try context.note("There may be more: --limit shows them.") }
    }
}
