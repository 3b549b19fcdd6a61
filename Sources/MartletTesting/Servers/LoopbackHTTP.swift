import Foundation
import Glibc

/// One HTTP request to this machine, on a connection of its own; blocks.
enum LoopbackHTTP {
    struct Answer: Sendable {
        var status: Int
        /// The lines of the head, the first one left out.
        var head: [String] = []
        var body: [UInt8]

        /// A field's value.
        ///
        /// - Parameter name: in lower case.
        func header(_ name: String) -> String? {
            head.first { $0.lowercased().hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
        }

        func failure(_ what: String) -> ServerProcess.Failure {
            ServerProcess.Failure("\(what): answer \(status): \(String(decoding: body.prefix(500), as: UTF8.self))")
        }
    }

    static func request(
        _ method: String,
        _ path: String,
        body: String,
        user: String,
        password: String,
        port: Int
    ) throws -> Answer {
        let credentials = Data("\(user):\(password)".utf8).base64EncodedString()
        return try request(method, path, body: body, headers: ["Authorization: Basic \(credentials)"], port: port)
    }

    static func request(
        _ method: String,
        _ path: String,
        body: String = "",
        contentType: String = "application/json",
        headers: [String],
        port: Int
    ) throws -> Answer {
        // Version 1.0 has the server end the body by closing, without chunks.
        let head = """
            \(method) \(path) HTTP/1.0\r
            Host: 127.0.0.1\r
            \(headers.joined(separator: "\r\n"))\r
            Content-Type: \(contentType)\r
            Content-Length: \(body.utf8.count)\r
            \r

            """
        let socket = try LoopbackSocket.connect(to: port)
        defer { close(socket) }
        LoopbackSocket.setTimeout(of: socket, seconds: 60)
        try LoopbackSocket.write(Array((head + body).utf8), to: socket)
        let answer = try LoopbackSocket.read(from: socket)
        guard let separator = answer.firstRange(of: [13, 10, 13, 10]) else {
            throw ServerProcess.Failure("\(method) \(path): the answer has no end of its head")
        }
        let lines = String(decoding: answer[..<separator.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let status = lines.first?.split(separator: " ") ?? []
        guard status.count > 1, let code = Int(status[1]) else {
            throw ServerProcess.Failure("\(method) \(path): the answer has no status")
        }
        return Answer(
            status: code,
            head: lines.dropFirst().map(String.init),
            body: Array(answer[separator.upperBound...])
        )
    }
}
