import ArgumentParser

/// `martlet store`
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Look after the store: check, repair, back up, restore.",
        discussion: """
            These commands work on the files of a data directory, and not through a server.

            EXAMPLES
              martlet store check --data /var/lib/martlet
              martlet store backup /backup/martlet.backup --data /var/lib/martlet
              martlet store restore /backup/martlet.backup --data /var/lib/martlet
            """,
        subcommands: [
            StoreCheckCommand.self, StoreRepairCommand.self, StoreBackupCommand.self, StoreRestoreCommand.self,
        ]
    )
}

/// Which store a command works on.
struct StoreDirectoryOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("The data directory, `store.path` of the configuration.", valueName: "dir"),
        completion: .directory
    )
    var data = "./martlet-data"
}
