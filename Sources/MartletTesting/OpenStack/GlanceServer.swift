import Foundation
package import MartletJSON

/// OpenStack's own Glance, a test's own: SQLite, images in files, tokens of a real Keystone's.
package final class GlanceServer: Sendable {
    package let port: Int
    private let process: ServerProcess
    private let directory: URL

    /// Makes its database, starts it, and returns when it answers. Keystone's catalogue names it.
    ///
    /// - Parameter notifications: oslo's `transport_url` of the broker that it tells what it does.
    package static func start(keystone: KeystoneServer, notifications: String) async throws -> GlanceServer {
        let directory = try ScratchDirectory.make()
        for store in stores {
            try FileManager.default.createDirectory(
                at: directory.appending(path: store),
                withIntermediateDirectories: false
            )
        }
        let configuration = directory.appending(path: "glance-api.conf")
        try settings(in: directory, keystone: keystone, notifications: notifications)
            .write(to: configuration, atomically: false, encoding: .utf8)
        try await OpenStackTools.run("glance-manage", ["--config-file", configuration.path, "db_sync"])
        let server = try GlanceServer(directory: directory)
        let port = server.port
        try await keystone.makeService("image", url: server.url, as: keystone.logIn())
        try await Readiness.wait(for: "Glance", log: { server.logText }) {
            try LoopbackHTTP.request("GET", "/", headers: ["Accept: */*"], port: port).status == 300
        }
        return server
    }

    private init(directory: URL) throws {
        self.directory = directory
        port = try FreePort.next()
        process = try OpenStackTools.serve(
            "glance.wsgi.api",
            on: port,
            environment: ["OS_GLANCE_CONFIG_DIR": directory.path],
            in: directory
        )
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// What it has written.
    package var logText: String { process.logText }

    /// Where images are, and two that Glance makes outside of its directory where they are not named.
    private static let stores = ["images", "staging", "tasks"]

    private static func settings(in directory: URL, keystone: KeystoneServer, notifications: String) -> String {
        """
        [DEFAULT]
        enabled_backends = fs:file
        \(OpenStackTools.notifications(to: notifications))
        \(OpenStackTools.database("glance.sqlite", in: directory))
        [glance_store]
        default_backend = fs
        [fs]
        filesystem_store_datadir = \(directory.path)/images
        [os_glance_staging_store]
        filesystem_store_datadir = \(directory.path)/staging
        [os_glance_tasks_store]
        filesystem_store_datadir = \(directory.path)/tasks
        [paste_deploy]
        flavor = keystone
        config_file = \(OpenStackTools.environment.path)/etc/glance/glance-api-paste.ini
        \(keystone.serviceUser.settings)

        """
    }
}

// MARK: - Its own API

extension GlanceServer {
    /// Makes an image without content, which belongs to the project logged in for.
    ///
    /// - Returns: its id.
    package func makeImage(_ name: String, as login: KeystoneLogin) async throws -> String {
        let image = #"{"name":"\#(name)","disk_format":"raw","container_format":"bare"}"#
        let answer = try await request("POST", "images", image, as: login)
        guard let id = answer["id"]?.string else { throw ServerProcess.Failure("Glance's answer has no id") }
        return id
    }

    package func upload(_ content: String, to image: String, as login: KeystoneLogin) async throws {
        try await request("PUT", "images/\(image)/file", content, type: "application/octet-stream", as: login)
    }

    package func rename(_ image: String, to name: String, as login: KeystoneLogin) async throws {
        try await request(
            "PATCH",
            "images/\(image)",
            #"[{"op":"replace","path":"/name","value":"\#(name)"}]"#,
            type: "application/openstack-images-v2.1-json-patch",
            as: login
        )
    }

    package func delete(_ image: String, as login: KeystoneLogin) async throws {
        try await request("DELETE", "images/\(image)", as: login)
    }

    /// - Parameter path: below `/v2/`.
    @discardableResult package func request(
        _ method: String,
        _ path: String,
        _ body: String = "",
        type: String = "application/json",
        as login: KeystoneLogin
    ) async throws -> JSONValue {
        let port = port
        let answer = try await BlockingCall.run {
            try LoopbackHTTP.request(
                method,
                "/v2/\(path)",
                body: body,
                contentType: type,
                headers: ["X-Auth-Token: \(login.token)"],
                port: port
            )
        }
        guard (200..<300).contains(answer.status) else { throw answer.failure("\(method) /v2/\(path)") }
        return try JSONDocument(parsing: answer.body.isEmpty ? Array("null".utf8) : answer.body).root
    }
}
