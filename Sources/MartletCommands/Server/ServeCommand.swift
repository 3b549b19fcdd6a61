import ArgumentParser
import Logging
import MartletGateway
import MartletPipeline

/// `martlet serve`
struct ServeCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server until it is told to stop.",
        discussion: """
            Without --config there are sources over HTTP, "cloudstack", "openstack" and "events", and no forwarders. The data \
            directory holds the store and, for the other commands, the server's address (listen.url) and token (admin.token).

            SIGTERM and Ctrl-C stop it: what has been taken in is committed first. SIGHUP has it read its configuration anew.

            EXAMPLES
              martlet serve
              martlet serve --config /etc/martlet/martlet.yaml
              martlet serve --data /var/lib/martlet --listen 0.0.0.0:8585
              martlet serve --config /etc/martlet/martlet.yaml --standby
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The configuration, in YAML.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Option(
        help: ArgumentHelp("The data directory, instead of the configuration's.", valueName: "dir"),
        completion: .directory
    )
    var data: String?

    @Option(help: ArgumentHelp("The address to listen on, instead of the configuration's.", valueName: "host:port"))
    var listen: String?

    @Flag(help: "Wait while another server has the store open, and take over when it has ended.")
    var standby = false

    @Option(
        help: ArgumentHelp("What is logged to standard error: debug, info, warning, error.", valueName: "level")
    )
    var logLevel = "info"

    func validate() throws {
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("“\(logLevel)” is no log level; say debug, info, warning or error.")
        }
    }

    func run(in context: CommandContext) async throws {
        var logger = Logger(label: "martlet") { OneLineLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
        let options = GatewayOptions(
            configurationPath: config,
            dataDirectory: data,
            listen: listen,
            isStandby: standby,
            environment: context.environment,
            logger: logger
        ) { listening in
            // Where nobody reads the output any more, the server serves on.
            try? context.print(ServeCommand.welcome(listening))
        }
        do {
            try await Gateway.run(options)
        } catch let error as ConfigurationError {
            throw CommandFailure("The configuration cannot be used.\n\(error)", status: .configuration)
        } catch let error as StoreError {
            // Where the store lies is for the configuration to mend, and no restart helps.
            throw CommandFailure(error.description, status: error.code == .unsafePlace ? .configuration : .failed)
        }
    }

    /// What a user needs first: the address, where the token lies, and a line to try.
    private static func welcome(_ listening: GatewayOptions.Listening) -> String {
        """
        listening on \(listening.url)
        token in \(listening.tokenFile)
        try   curl -H "Authorization: Bearer $(cat \(listening.tokenFile))" \(listening.url)/v1/events
        """
    }
}
