import ArgumentParser
import MartletGateway
import MartletPipeline

/// `martlet components`
struct ComponentsCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "components",
        abstract: "List the sources, sinks, enrichers and formats of this program, or explain one.",
        discussion: """
            It needs no server.

            EXAMPLES
              martlet components
              martlet components webhook
              martlet components --json | jq .name
            """
    )

    @Argument(help: "The component to explain.", completion: .list(BuiltInComponents.all.map(\.name)))
    var name: String?

    @Flag(help: "Print components in JSON, one a line.")
    var json = false

    @OptionGroup var colour: ColourOption

    func run(in context: CommandContext) async throws {
        // A source and a sink may have the same name.
        let chosen = BuiltInComponents.all.filter { name == nil || $0.name == name }
        guard !chosen.isEmpty else {
            throw CommandFailure(
                "There is no component \(name ?? ""). \"martlet components\" lists them.",
                status: .usage
            )
        }
        if json { return try context.print(json: chosen.map { ComponentText.json($0)[...] }) }
        let width = context.terminal.outputWidth
        var lines: [StyledText] = []
        if name == nil {
            lines = ComponentText.list(chosen, width: width)
        } else {
            for component in chosen {
                if !lines.isEmpty { lines.append(StyledText()) }
                lines += ComponentText.page(component, width: width)
            }
        }
        try context.print(lines, inColour: colour.mode.isOn(context.terminal, environment: context.environment))
    }
}
