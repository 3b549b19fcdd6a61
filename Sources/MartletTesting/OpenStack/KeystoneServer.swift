import Foundation

/// OpenStack's own Keystone, a test's own: SQLite, Fernet tokens, one region.
package final class KeystoneServer: Sendable {
    package static let region = "RegionOne"
    /// Of the user `admin`, who has every role in the project `admin`.
    package static let password = "the administrator's pass-phrase"

    package let port: Int
    private let process: ServerProcess
    private let directory: URL

    /// Makes its database, starts it, and returns when it answers.
    ///
    /// - Parameter notifications: oslo's `transport_url` of the broker that it tells what it does.
    package static func start(notifications: String) async throws -> KeystoneServer {
        let directory = try ScratchDirectory.make()
        let port = try FreePort.next()
        let configuration = directory.appending(path: "keystone.conf")
        try settings(in: directory, notifications: notifications)
            .write(to: configuration, atomically: false, encoding: .utf8)
        try makeKeys(in: directory.appending(path: "keys"))
        let options = ["--config-file", configuration.path]
        try await OpenStackTools.run("keystone-manage", options + ["db_sync"])
        let url = "http://127.0.0.1:\(port)/v3"
        try await OpenStackTools.run(
            "keystone-manage",
            options + [
                "bootstrap", "--bootstrap-password", password, "--bootstrap-region-id", region,
                "--bootstrap-public-url", url, "--bootstrap-internal-url", url,
            ]
        )
        let server = try KeystoneServer(port: port, configuration: configuration, directory: directory)
        try await Readiness.wait(for: "Keystone", log: { server.logText }) {
            try LoopbackHTTP.request("GET", "/v3", headers: ["Accept: */*"], port: port).status == 200
        }
        return server
    }

    private init(port: Int, configuration: URL, directory: URL) throws {
        self.port = port
        self.directory = directory
        process = try OpenStackTools.serve(
            "keystone.wsgi.api",
            on: port,
            environment: ["OS_KEYSTONE_CONFIG_FILES": configuration.path],
            in: directory
        )
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    package var url: String { "http://127.0.0.1:\(port)/v3" }

    /// The administrator does for all services.
    package var serviceUser: KeystoneServiceUser {
        KeystoneServiceUser(url: url, name: "admin", password: Self.password, project: "admin")
    }

    /// What it has written.
    package var logText: String { process.logText }

    private static func settings(in directory: URL, notifications: String) -> String {
        """
        [DEFAULT]
        \(OpenStackTools.notifications(to: notifications))
        \(OpenStackTools.database("keystone.sqlite", in: directory))
        [fernet_tokens]
        key_repository = \(directory.appending(path: "keys").path)
        [fernet_receipts]
        key_repository = \(directory.appending(path: "keys").path)
        [identity]
        password_hash_rounds = 4

        """
    }

    /// As `keystone-manage fernet_setup` makes them, which takes seconds: the next key and the one in use.
    private static func makeKeys(in repository: URL) throws {
        try FileManager.default.createDirectory(
            at: repository,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        for name in ["0", "1"] {
            let key = Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_")
            try key.write(to: repository.appending(path: name), atomically: false, encoding: .utf8)
        }
    }
}
