import Foundation
package import MartletJSON

/// A stand-in for Keystone: it gives tokens to those who have the right credential, fails as it is told, and tells others
/// whether a token is good. It follows the Identity API v3 as far as that.
package final class KeystoneStandIn: Sendable {
    /// What it does with the next request for a token.
    package struct Step: Sendable {
        package var status = 201
        /// How long the token is good, in seconds.
        package var life = 3_600
        /// Sends so many bytes of the answer, and closes.
        package var truncate: Int?
        /// Does not answer until ``KeystoneStandIn/release()``.
        package var hang = false
        package var headers: [String: String] = [:]
        /// What it says instead of a token; `$REQUEST` in it is the request's own body, `$MESSAGING` where Zaqar is.
        package var text: String?

        package init(
            status: Int = 201,
            life: Int = 3_600,
            truncate: Int? = nil,
            hang: Bool = false,
            headers: [String: String] = [:],
            text: String? = nil
        ) {
            self.status = status
            self.life = life
            self.truncate = truncate
            self.hang = hang
            self.headers = headers
            self.text = text
        }

        fileprivate func write(into writer: inout JSONWriter) {
            writer.beginObject()
            writer.member("status", status)
            writer.member("life", life)
            writer.member("truncate", truncate)
            writer.member("hang", hang)
            writer.member("text", text)
            writer.key("headers")
            writer.beginObject()
            for (name, value) in headers {
                writer.key(name)
                writer.string(value)
            }
            writer.endObject()
            writer.endObject()
        }
    }

    package static let password = "s33ded password"
    package static let applicationSecret = "s33ded application secret"
    package static let servicePassword = "s33ded service password"
    /// Of the one project that has anything.
    package static let projectID = "f1d2d2f924e986ac86fdf7b36c94bcdf"

    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Tests/Tools/keystone-stand-in/keystone-stand-in.py")

    package let port: Int
    private let process: ServerProcess
    private let directory: URL

    /// Starts it and returns when it answers.
    ///
    /// - Parameter messaging: the endpoint of Zaqar in its catalogue.
    package static func start(messaging: String = "http://127.0.0.1:8888") async throws -> KeystoneStandIn {
        let standIn = try KeystoneStandIn(messaging: messaging)
        let port = standIn.port
        try await Readiness.wait(for: "The stand-in for Keystone", log: { standIn.process.logText }) {
            try LoopbackHTTP.request("GET", "/seen", headers: ["Accept: */*"], port: port).status == 200
        }
        return standIn
    }

    private init(messaging: String) throws {
        directory = try ScratchDirectory.make()
        port = try FreePort.next()
        process = try ServerProcess(
            "python3",
            [
                Self.script.path, "\(port)", messaging, Self.projectID, Self.password, Self.applicationSecret,
                Self.servicePassword,
            ],
            log: directory.appending(path: "keystone.log"),
            removing: directory
        )
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    package var url: String { "http://127.0.0.1:\(port)/v3" }

    package var serviceUser: KeystoneServiceUser {
        KeystoneServiceUser(url: url, name: "zaqar", password: Self.servicePassword, project: "service")
    }

    /// What becomes of the next requests for a token; the last step is for all that follow.
    package func script(_ steps: Step...) async throws {
        var writer = JSONWriter()
        writer.beginArray()
        for step in steps { step.write(into: &writer) }
        writer.endArray()
        _ = try await request("PUT", "/script", String(decoding: writer.bytes, as: UTF8.self))
    }

    /// Has Zaqar refuse the tokens that there are.
    package func revokeAll() async throws { _ = try await request("POST", "/revoke", "") }

    /// Has it answer the requests that it has left without an answer.
    package func release() async throws { _ = try await request("POST", "/release", "") }

    /// Has the catalogue say where Zaqar is.
    package func setMessaging(_ url: String) async throws { _ = try await request("PUT", "/messaging", url) }

    /// The bodies of the requests for a token by others than services.
    package func requests() async throws -> [JSONValue] { try await Array(request("GET", "/seen", "").elements) }

    private func request(_ method: String, _ path: String, _ body: String) async throws -> JSONValue {
        let port = port
        let answer = try await BlockingCall.run {
            try LoopbackHTTP.request(method, path, body: body, headers: ["Accept: */*"], port: port)
        }
        guard answer.status == 200 else { throw answer.failure("\(method) \(path)") }
        return try JSONDocument(parsing: answer.body).root
    }
}
