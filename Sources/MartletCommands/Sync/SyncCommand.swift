import ArgumentParser
import MartletClient

/// `martlet sync`
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Read a cloud's resources from its API into the index, and find what was missed.",
        discussion: """
            The server reads everything that the cloud's API lists, by the enricher in its configuration, while events keep coming; \
            where an event says something newer, that counts. The first sync of a cloud fills the index and makes no events. Later, \
            each difference from what the index knew becomes an event, marked with origin: sync, for forwarders with sync: true; \
            what is gone becomes a delete.

            EXAMPLES
              martlet sync openstack
              martlet sync openstack --dry-run
              martlet sync cloudstack --cloud prod --type VirtualMachine --type Volume
              martlet sync list
            """,
        subcommands: [OpenStack.self, CloudStack.self, List.self, Follow.self, Stop.self]
    )

    /// `martlet sync openstack`
    struct OpenStack: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "openstack",
            abstract: "Read the resources of an OpenStack cloud.",
            discussion: SyncStartOptions.discussion(of: "openstack")
        )

        @OptionGroup var options: SyncStartOptions
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            try await options.start("openstack", server, context)
        }
    }

    /// `martlet sync cloudstack`
    struct CloudStack: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "cloudstack",
            abstract: "Read the resources of a CloudStack cloud.",
            discussion: SyncStartOptions.discussion(of: "cloudstack")
        )

        @OptionGroup var options: SyncStartOptions
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            try await options.start("cloudstack", server, context)
        }
    }
}

/// The options of a command that begins a sync.
struct SyncStartOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The cloud; needed where there are several of the kind.", valueName: "name"))
    var cloud: String?

    @Option(
        help: ArgumentHelp("Only this type of resources, as VirtualMachine; may be repeated.", valueName: "type")
    )
    var type: [String] = []

    @Flag(help: "Only tell what differs, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Events a second, 0 for no limit; 100 where nothing is said."))
    var rate: Int?

    @Flag(help: "Take resources for deleted though more than half of their type are missing.")
    var acceptDeletions = false

    @Flag(help: "Do not follow it.")
    var detach = false

    @OptionGroup var following: SyncFollowingOptions

    static func discussion(of kind: String) -> String {
        """
        Asks the running server, whose configuration needs an enricher of the kind \(kind). A type that the cloud does not \
        list to its end is told with the reason, and nothing of it is taken for deleted; the others go on.

        Ctrl-C ends this command and not the sync, unless --stop-on-interrupt is given.

        The exit code is 1 when a type could not be read to its end, or when the sync was stopped or failed.

        EXAMPLES
          martlet sync \(kind)
          martlet sync \(kind) --dry-run --json | jq -c .differences[]
          martlet sync \(kind) --cloud prod --type VirtualMachine --rate 20
          martlet sync \(kind) --detach
        """
    }

    func validate() throws {
        if let rate, rate < 0 { throw ValidationError("--rate \(rate): use 0 or more.") }
    }

    func start(_ kind: String, _ server: ServerConnection, _ context: CommandContext) async throws {
        var request = SyncRequestBody(kind: kind)
        request.cloud = cloud
        request.types = type
        request.isDry = dryRun
        request.rate = rate
        request.acceptsDeletions = acceptDeletions
        let sync: SyncAnswer
        do {
            sync = try await server.client.startSync(request)
        } catch {
            throw cloudHint(error)
        }
        if detach {
            if following.json { return try context.print(json: [sync.json]) }
            return try context.print(
                "sync \(sync.id): \(sync.types.count) types of \(sync.cloud) to read; follow it with \"martlet sync follow \(sync.id)\""
            )
        }
        try await SyncFollower(server: server, context: context, options: following).follow(sync)
    }

    /// In the words of the command line where the server asks for the cloud.
    private func cloudHint(_ error: ClientError) -> any Error {
        guard error.problem?.parameter == "cloud", cloud == nil, let detail = error.problem?.detail else {
            return error
        }
        return CommandFailure("\(detail) On the command line: --cloud NAME.", status: .usage)
    }
}

/// The options of commands that show how a sync gets on.
struct SyncFollowingOptions: ParsableArguments {
    @Flag(help: "Stop the sync when this command is interrupted; else it goes on in the server.")
    var stopOnInterrupt = false

    @Flag(help: "Print syncs in JSON: one a line, the last one when it has ended.")
    var json = false

    @OptionGroup var colour: ColourOption
}
