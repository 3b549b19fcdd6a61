import Foundation

/// A RabbitMQ of the test's own: Debian's package, run on loopback in a temporary directory, with management.
///
/// A node needs 10 seconds and 190 MB: tests share ``shared`` and take a virtual host each, but for those that stop it.
package actor RabbitMQServer {
    package static let isInstalled = FileManager.default.isExecutableFile(atPath: executable)
    /// For a test's condition.
    package static let absenceReason = "rabbitmq-server is not installed: apt-get install rabbitmq-server"

    static let executable = "/usr/lib/rabbitmq/bin/rabbitmq-server"

    nonisolated package let node: RabbitMQNode
    nonisolated package let management: RabbitMQManagement
    private let nameService: ErlangNameService
    private var process: ServerProcess?

    /// A node that does not run yet.
    package init(_ node: RabbitMQNode, nameService: ErlangNameService) throws {
        try node.writeFiles()
        self.node = node
        self.nameService = nameService
        management = RabbitMQManagement(port: node.managementPort)
    }

    /// Starts a node of its own; it ends with the value.
    package static func start(_ options: RabbitMQNode.Options = .init()) async throws -> RabbitMQServer {
        let nameService = try ErlangNameService()
        let node = try RabbitMQNode(options: options, nameService: nameService)
        let server = try RabbitMQServer(node, nameService: nameService)
        try await server.start()
        return server
    }

    /// The supervisor removes the directory only where it outlives this process.
    deinit { try? FileManager.default.removeItem(at: node.directory) }

    /// Where clients connect: `amqp://guest:guest@127.0.0.1:PORT/`.
    nonisolated package var url: String { url(port: node.port) }
    nonisolated package var port: Int { node.port }

    /// The URL through another port, a proxy's for one.
    nonisolated package func url(port: Int, virtualHost: String = "") -> String {
        "amqp://guest:guest@127.0.0.1:\(port)/\(virtualHost)"
    }

    package var isRunning: Bool { process?.isRunning ?? false }

    /// What the node has written.
    package var logText: String { process?.logText ?? "" }

    /// Starts the node on its port and its data, and returns when it takes connections.
    package func start() async throws {
        guard !isRunning else { return }
        let process = try ServerProcess(
            Self.executable,
            [],
            environment: node.environment,
            log: node.directory.appending(path: "server.log"),
            removing: node.directory
        )
        let knownCount = self.process?.logText.count ?? 0
        self.process = process
        try await waitUntilReady(process, behind: knownCount)
    }

    /// Stops the node as an operator does: it says goodbye to its clients and writes everything.
    package func stop() async { await process?.end(with: .terminate) }

    /// `kill -9`.
    package func kill() async { await process?.end(with: .kill) }

    /// Has the node stand still, its connections open, until ``resume()``.
    package func pause() { process?.send(.pause) }

    package func resume() { process?.send(.continue) }

    package func restart() async throws {
        await stop()
        try await start()
    }

    /// Waits for the last line that a node writes when it boots: listeners answer before, while it still misses what other
    /// nodes of its cluster tell it.
    private func waitUntilReady(_ process: ServerProcess, behind knownCount: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            guard process.isRunning else { break }
            if process.logText.dropFirst(knownCount).contains("Server startup complete") { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        process.send(.kill)
        throw ServerProcess.Failure("RabbitMQ \(node.name) did not start: \(process.logText.suffix(4_000))")
    }
}

extension RabbitMQServer {
    /// The node that most tests share, started with the first use; it ends with the test process.
    package static var shared: RabbitMQServer { get async throws { try await sharedStart.value } }

    // A task of its own, because no test that waits for the node may end the others' by being cancelled. It ends by itself:
    // when the node is ready or could not be started.
    private static let sharedStart = Task { try await start() }

    /// Runs a body with a virtual host of its own on this node, which is removed with all that is in it.
    package nonisolated func withVirtualHost<Result>(
        _ body: (RabbitMQVirtualHost) async throws -> Result
    ) async throws -> Result {
        let host = RabbitMQVirtualHost(server: self, name: "test-\(UUID().uuidString.prefix(8).lowercased())")
        try await host.create()
        let result: Result
        do {
            result = try await body(host)
        } catch let failure {
            // The body's failure is what a reader needs; the host goes with the node.
            try? await host.remove()
            throw failure
        }
        try await host.remove()
        return result
    }

    /// Runs `rabbitmqctl` on this node; about half a second.
    @discardableResult package nonisolated func control(_ arguments: String...) async throws -> String {
        let result = try await Command.run(
            "/usr/lib/rabbitmq/bin/rabbitmqctl",
            ["--node", node.name] + arguments,
            environment: node.environment
        )
        guard result.status == 0 else {
            let what = arguments.joined(separator: " ")
            throw ServerProcess.Failure("rabbitmqctl \(what): \(result.errors)\(result.output)")
        }
        return result.output
    }

    /// Has the node think that it is out of memory, so that it takes nothing from publishers, while the body runs.
    package nonisolated func withMemoryAlarm(_ body: () async throws -> Void) async throws {
        try await control("set_vm_memory_high_watermark", "absolute", "1MB")
        let failure: (any Error)?
        do {
            try await body()
            failure = nil
        } catch {
            failure = error
        }
        try await control("set_vm_memory_high_watermark", "absolute", RabbitMQNode.memoryLimit)
        if let failure { throw failure }
    }
}
