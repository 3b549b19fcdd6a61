import Foundation
import MartletTesting
import Testing

/// A server that sends back what it gets, in Python, since it has to be another program's sockets that are tried.
final class EchoServer: Sendable {
    let port: Int
    private let process: ServerProcess

    /// Starts it, and returns when it listens.
    init() async throws {
        let directory = try ScratchDirectory.make()
        port = try FreePort.next()
        process = try ServerProcess(
            "python3",
            ["-c", Self.script, "\(port)"],
            log: directory.appending(path: "echo.log"),
            removing: directory
        )
        let port = port
        try await eventually("the echo server listens") { (try? await EchoClient(port: port)) != nil }
    }

    private static let script = """
        import socketserver, sys
        class Echo(socketserver.BaseRequestHandler):
            def handle(self):
                while data := self.request.recv(65536): self.request.sendall(data)
        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
        Server(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
        """
}

/// A connection that speaks plain bytes.
final class EchoClient: Sendable {
    private let socket: Int32

    init(port: Int) async throws {
        socket = try await BlockingCall.run {
            let socket = try LoopbackSocket.connect(to: port)
            LoopbackSocket.setTimeout(of: socket, seconds: 30)
            return socket
        }
    }

    deinit { LoopbackSocket.reset(socket) }

    func echo(_ text: String) async throws -> String {
        try await send(text)
        let answer = try await receive(text.utf8.count)
        guard answer.utf8.count == text.utf8.count else { throw ServerProcess.Failure("the stream has ended") }
        return answer
    }

    func send(_ text: String) async throws {
        let socket = socket
        try await BlockingCall.run { try LoopbackSocket.write(Array(text.utf8), to: socket) }
    }

    /// So many bytes, or fewer where the stream ends.
    func receive(_ count: Int) async throws -> String {
        let socket = socket
        return try await BlockingCall.run {
            String(decoding: try LoopbackSocket.read(count, from: socket), as: UTF8.self)
        }
    }
}
