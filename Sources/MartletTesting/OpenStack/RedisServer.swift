package import Foundation
import Glibc

/// A Redis of a test's own. What it has said yes to is on disk, so that it outlives ``kill()``.
package actor RedisServer {
    package static let executable = "/usr/bin/redis-server"

    nonisolated package let port: Int
    private let directory: URL
    private let log: URL
    private var process: ServerProcess?

    /// One that does not run yet.
    package init(in directory: URL) throws {
        port = try FreePort.next()
        self.directory = directory
        log = directory.appending(path: "redis.log")
    }

    /// Starts it on its port and its data, and returns when it answers.
    package func start() async throws {
        process = try ServerProcess(
            Self.executable,
            [
                "--port", "\(port)", "--bind", "127.0.0.1", "--dir", directory.path, "--save", "", "--appendonly",
                "yes",
                "--appendfsync", "always",
            ],
            log: log
        )
        try await Readiness.wait(for: "Redis", log: { [log] in (try? String(contentsOf: log, encoding: .utf8)) ?? "" })
        {
            [port] in
            let socket = try LoopbackSocket.connect(to: port)
            defer { close(socket) }
            try LoopbackSocket.write(Array("PING\r\nQUIT\r\n".utf8), to: socket)
            return try LoopbackSocket.read(from: socket).starts(with: "+PONG".utf8)
        }
    }

    /// `kill -9`.
    package func kill() async { await process?.end(with: .kill) }

    /// Has it stand still, its connections open, until ``resume()``.
    package func pause() { process?.send(.pause) }

    package func resume() { process?.send(.continue) }
}
