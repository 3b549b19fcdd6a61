import ArgumentParser

/// `martlet publish`
struct PublishCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Hand events to the server and wait until they are on disk.",
        discussion: """
            Takes one event, a JSON array, or JSON lines. CloudEvents (they have a member specversion) go to the server's \
            source of CloudEvents; everything else to the source that --source names, or else to "cloudstack". The first event decides \
            for all. What cannot be read is kept in the server's quarantine; the exit code is then 1.

            Large inputs are sent in batches of at most 500 events or 1 MiB. When the server is busy, this waits and says so.

            EXAMPLES
              martlet publish events.jsonl
              martlet publish --source openstack notification.json
              martlet publish --topic cs.ActionEvent.VM-START.VirtualMachine.9c3d event.json
              zcat old.jsonl.gz | martlet publish -
            """
    )

    @Argument(help: "A file, or - for standard input.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The source to publish to.", valueName: "name"))
    var source: String?

    @Option(help: ArgumentHelp("The routing key of the one event.", valueName: "key"))
    var topic: String?

    @OptionGroup(title: "Server")
    var connection: ConnectionOptions

    func run(_ server: ServerConnection, in context: CommandContext) async throws {
        let input = try InputFile(path: file)
        var reader = try ItemReader(read: input.read, isOneEvent: topic != nil)
        var publisher = Publisher(server, input: input, source: source, topic: topic, context: context)
        try await publisher.publish(&reader)
        try publisher.clear()
        try context.print(publisher.summary.text)
        if !publisher.summary.isClean { throw CommandFailure.silent(.failed) }
    }
}
