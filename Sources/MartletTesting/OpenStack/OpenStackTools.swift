import Foundation

/// OpenStack's own services, Keystone and Glance, in a Python environment of theirs.
package enum OpenStackTools {
    package static let isInstalled = FileManager.default.isExecutableFile(atPath: program("keystone-manage"))
    /// For a test's condition.
    package static let absenceReason = "Keystone and Glance are not there: make test-tools installs them"

    static let environment = KafkaMockCluster.tools.appending(path: "openstack")
    private static let server = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Tests/Tools/openstack/serve.py")

    /// Runs one of the services' programs to its end.
    static func run(_ name: String, _ arguments: [String]) async throws {
        let result = try await Command.run(program(name), arguments)
        guard result.status == 0 else {
            throw ServerProcess.Failure("\(name): \(result.errors.suffix(4_000))")
        }
    }

    /// Serves a service's application on a port of this machine.
    static func serve(
        _ module: String,
        on port: Int,
        environment: [String: String],
        in directory: URL
    ) throws -> ServerProcess {
        try ServerProcess(
            program("python3"),
            [server.path, module, "\(port)"],
            environment: environment.merging(["HOME": directory.path, "PYTHONUNBUFFERED": "1"]) { $1 },
            log: directory.appending(path: "service.log"),
            removing: directory
        )
    }

    /// The settings by which a service sends notifications.
    static func notifications(to transport: String) -> String {
        """
        transport_url = \(transport)
        [oslo_messaging_notifications]
        driver = messagingv2
        """
    }

    /// A SQLite file that waits for others instead of failing.
    static func database(_ name: String, in directory: URL) -> String {
        """
        [database]
        connection = sqlite:///\(directory.appending(path: name).path)?timeout=60
        """
    }

    private static func program(_ name: String) -> String { environment.appending(path: "bin/\(name)").path }
}
