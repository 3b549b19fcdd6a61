package import Logging

/// How a server is started: what the command line says over the configuration.
package struct GatewayOptions: Sendable {
    /// The configuration file; `nil` for the embedded default.
    package var configurationPath: String?
    /// Instead of `store.path`.
    package var dataDirectory: String?
    /// Instead of `listen`, as `HOST:PORT`.
    package var listen: String?
    /// Whether it waits for its turn where another has the store open.
    package var isStandby: Bool
    package var environment: [String: String]
    package var logger: Logger
    /// Called when the server accepts connections.
    package var onListening: @Sendable (Listening) -> Void

    /// Where a server can be reached.
    package struct Listening: Sendable {
        /// `http://127.0.0.1:8585`
        package var url: String
        package var dataDirectory: String
        /// The file with the administrator's token.
        package var tokenFile: String
    }

    package init(
        configurationPath: String? = nil,
        dataDirectory: String? = nil,
        listen: String? = nil,
        isStandby: Bool = false,
        environment: [String: String],
        logger: Logger,
        onListening: @escaping @Sendable (Listening) -> Void
    ) {
        self.configurationPath = configurationPath
        self.dataDirectory = dataDirectory
        self.listen = listen
        self.isStandby = isStandby
        self.environment = environment
        self.logger = logger
        self.onListening = onListening
    }

    /// The configuration with what the command line says over it.
    ///
    /// - Throws: ``ConfigurationError`` with all findings.
    package func configuration() throws(ConfigurationError) -> Configuration {
        var configuration: Configuration
        if let configurationPath {
            configuration = try Configuration(contentsOf: configurationPath, environment: environment)
        } else {
            configuration = try Configuration(
                text: Configuration.defaultText,
                file: "(embedded default)",
                environment: environment
            )
        }
        if let dataDirectory { configuration.store.path = dataDirectory }
        if let listen {
            guard let address = Configuration.Listen(listen) else {
                let finding = Finding(
                    severity: .error,
                    line: 1,
                    column: 1,
                    path: "--listen",
                    message: "is “\(listen)”, and should be HOST:PORT, as 127.0.0.1:8585 or [::1]:8585"
                )
                throw ConfigurationError(file: "command line", findings: [finding])
            }
            configuration.listen = address
        }
        return configuration
    }
}
