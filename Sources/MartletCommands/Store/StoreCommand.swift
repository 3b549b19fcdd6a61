import ArgumentParser

/// `martlet store`
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Look after the store on disk.",
        subcommands: [StoreCheckCommand.self, StoreRepairCommand.self]
    )
}

/// Where the store is.
struct StoreOptionGroup: ParsableArguments {
    @Option(help: ArgumentHelp("The server's data directory.", valueName: "dir"), completion: .directory)
    var data = "./martlet-data"
}
