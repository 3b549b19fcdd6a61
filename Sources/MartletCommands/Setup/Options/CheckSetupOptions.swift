import ArgumentParser

/// What is looked at instead of writing files.
struct CheckSetupOptions: ParsableArguments {
    @Flag(help: "Look at the broker; write nothing, change nothing.")
    var check = false

    @Flag(help: "Look, and send a message of Martlet's own through the broker.")
    var probe = false

    @Option(
        name: [.customLong("management-server"), .customLong("api-url")],
        help: ArgumentHelp(
            "With --probe: a management server to make one call on; may be given several times.",
            valueName: "url"
        )
    )
    var managementServers: [String] = []

    @Option(help: ArgumentHelp("A file with the API key of a CloudStack user.", valueName: "file"), completion: .file())
    var apiKeyFile: String?

    @Option(help: ArgumentHelp("A file with the secret key of the same user.", valueName: "file"), completion: .file())
    var secretKeyFile: String?

    @Option(
        help: ArgumentHelp("A file of certificates to verify broker and management servers by.", valueName: "file"),
        completion: .file()
    )
    var caFile: String?

    /// Whether nothing is to be written.
    var isChecking: Bool { check || probe }

    /// The management servers, none twice.
    var servers: [ManagementServer] {
        managementServers.compactMap { ManagementServer($0) }.reduce(into: []) { servers, server in
            if !servers.contains(server) { servers.append(server) }
        }
    }

    func validate(isForBroker: Bool) throws {
        for url in managementServers where ManagementServer(url) == nil {
            throw ValidationError(
                "--management-server: write an http or https URL without user and query, as in http://ms1:8080."
            )
        }
        if managementServers.isEmpty {
            if apiKeyFile != nil || secretKeyFile != nil {
                throw ValidationError("--api-key-file and --secret-key-file need --management-server.")
            }
        } else {
            guard probe else { throw ValidationError("--management-server makes a call: it needs --probe.") }
            guard apiKeyFile != nil, secretKeyFile != nil else {
                throw ValidationError("--management-server needs --api-key-file and --secret-key-file.")
            }
            guard isForBroker else {
                throw ValidationError("--management-server needs --kafka or --rabbitmq, to see the event there.")
            }
        }
    }

    /// - Throws: ``CommandFailure`` where a file cannot be read.
    var keys: CloudStackKeys? {
        get throws {
            guard let apiKeyFile, let secretKeyFile else { return nil }
            return CloudStackKeys(
                apiKey: try SecretReader.content(of: apiKeyFile, "API key"),
                secretKey: try SecretReader.content(of: secretKeyFile, "secret key")
            )
        }
    }
}
