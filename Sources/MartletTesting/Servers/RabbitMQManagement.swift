package import MartletJSON

/// A node's management interface over HTTP: quick where `rabbitmqctl` takes seconds.
package struct RabbitMQManagement: Sendable {
    let port: Int

    package func get(_ path: String) async throws -> JSONValue {
        let answer = try await request("GET", path, expecting: 200..<300)
        return try JSONDocument(parsing: answer.body).root
    }

    package func put(_ path: String, _ body: String = "{}") async throws {
        _ = try await request("PUT", path, body, expecting: 200..<300)
    }

    package func post(_ path: String, _ body: String) async throws -> JSONValue {
        let answer = try await request("POST", path, body, expecting: 200..<300)
        return try JSONDocument(parsing: answer.body.isEmpty ? Array("null".utf8) : answer.body).root
    }

    /// Removes something; content where it is not there.
    package func delete(_ path: String) async throws {
        let answer = try await request("DELETE", path, expecting: nil)
        guard (200..<300).contains(answer.status) || answer.status == 404 else {
            throw answer.failure("DELETE \(path)")
        }
    }

    /// A name as a part of a path.
    package static func escape(_ name: String) -> String {
        name.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    private func request(
        _ method: String,
        _ path: String,
        _ body: String = "",
        expecting statuses: Range<Int>?
    ) async throws -> LoopbackHTTP.Answer {
        let port = port
        let answer = try await BlockingCall.run {
            try LoopbackHTTP.request(method, path, body: body, user: "guest", password: "guest", port: port)
        }
        if let statuses, !statuses.contains(answer.status) { throw answer.failure("\(method) \(path)") }
        return answer
    }
}
