package import MartletPipeline

extension HTTPInterface {
    /// What the configuration says of the interface.
    package struct Settings: Sendable {
        /// What the interface has to know of a source, besides its port.
        package struct Source: Sendable {
            /// What it reads: `http`, `kafka`.
            package var transport: String
            /// The name of its format: `cloudstack`.
            package var format: String
            /// Whether events may be posted to it.
            package var takesHTTP: Bool
            /// Keys of which one must have signed what is posted; where there is none, the administrator's token
            /// counts.
            package var secrets: [String]

            package init(transport: String = "http", format: String, takesHTTP: Bool, secrets: [String] = []) {
                self.transport = transport
                self.format = format
                self.takesHTTP = takesHTTP
                self.secrets = secrets
            }
        }

        package var host = "127.0.0.1"
        /// 0 for any free one.
        package var port = 8_585
        package var maximumBodyBytes = 16 << 20
        /// What the bodies of all requests under way may hold together.
        package var maximumHeldBodyBytes: Int { max(128 << 20, 4 * maximumBodyBytes) }
        /// How long a body may take to arrive.
        package var requestTimeout = Duration.seconds(30)
        /// How long a connection may be silent, also within a request that has not arrived as a whole; how long the head of
        /// a request may take to arrive, and how long a client may leave an answer unread.
        package var idleTimeout = Duration.seconds(60)
        /// Connections at once; beyond them the one that has been without a request for longest is closed.
        package var maximumConnections = 1_024
        /// Whether `/metrics` is shown to everybody.
        package var isMetricsPublic = false
        package var version: String
        package var components: [ComponentDescription] = []
        /// Every source of the configuration, by name.
        package var sources = Doors()
        /// Who may read, beside the administrator.
        package var readers = Readers()
        /// Who reads the configuration anew.
        package var control: any ConfigurationControl = FixedConfiguration()
        /// SHA-256 of the administrator's token, in hexadecimal digits.
        package var adminTokenHash: String
        /// Where an administrator finds the token, for the answer to those who lack it.
        package var adminTokenLocation: String

        package init(version: String, adminTokenHash: String, adminTokenLocation: String) {
            self.version = version
            self.adminTokenHash = adminTokenHash
            self.adminTokenLocation = adminTokenLocation
        }
    }
}
