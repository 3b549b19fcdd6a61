import Foundation
import MartletTesting

/// Bare TCP connections to a server, for clients that misbehave. What blocks runs outside of the cooperative pool.
struct RawClient: Sendable {
    let port: Int

    init(_ server: Server) throws {
        guard let port = URL(string: server.url)?.port else { throw ServerError("no port in \(server.url)") }
        self.port = port
    }

    /// Opens a connection, sends pieces of bytes one after the other, and reads until the other side closes.
    ///
    /// - Parameter endsInput: whether the server is told that nothing more comes.
    func exchange(_ pieces: [[UInt8]], endsInput: Bool = false, patience: Int = 30) async throws -> String {
        try await BlockingCall.run {
            let socket = try LoopbackSocket.connect(to: port)
            defer { close(socket) }
            LoopbackSocket.setTimeout(of: socket, seconds: patience)
            // A server that has answered and hung up does not take the rest, which is what many of the tests are about.
            for piece in pieces { guard (try? LoopbackSocket.write(piece, to: socket)) != nil else { break } }
            if endsInput { shutdown(socket, Int32(SHUT_WR)) }
            var answer: [UInt8] = []
            while let byte = try? LoopbackSocket.read(1, from: socket), !byte.isEmpty { answer += byte }
            return String(decoding: answer, as: UTF8.self)
        }
    }

    func exchange(_ text: String, endsInput: Bool = false, patience: Int = 30) async throws -> String {
        try await exchange([Array(text.utf8)], endsInput: endsInput, patience: patience)
    }

    /// Connections that say nothing; the caller closes them.
    func open(_ count: Int) async throws -> [Int32] {
        try await BlockingCall.run { try (0..<count).map { _ in try LoopbackSocket.connect(to: port) } }
    }

    static func close(_ sockets: [Int32]) { for socket in sockets { _ = Foundation.close(socket) } }

    private func close(_ socket: Int32) { _ = Foundation.close(socket) }
}

extension Server {
    /// The head of a request to post events, without its length.
    func postHead(_ path: String = "/v1/events", contentType: String = "application/json") -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\nContent-Type: \(contentType)\r\n"
    }
}
