import Foundation
import MartletJSON

/// A stand-in for an API that is a script in Python: it takes its port first, and orders below `/stand-in/`.
final class StandInProcess: Sendable {
    let port: Int
    private let process: ServerProcess
    private let directory: URL

    /// Starts it and returns when it answers.
    static func start(script: URL, arguments: [String]) async throws -> StandInProcess {
        let standIn = try StandInProcess(script: script, arguments: arguments)
        let port = standIn.port
        try await Readiness.wait(for: script.lastPathComponent, log: { standIn.process.logText }) {
            try StandInProcess.request("GET", "seen", "", port: port).status == 200
        }
        return standIn
    }

    private init(script: URL, arguments: [String]) throws {
        directory = try ScratchDirectory.make()
        port = try FreePort.next()
        process = try ServerProcess(
            "python3",
            [script.path, "\(port)"] + arguments,
            log: directory.appending(path: "stand-in.log"),
            removing: directory
        )
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Gives it an order.
    func put(_ name: String, _ json: String) async throws { _ = try await request("PUT", name, json) }

    /// Asks it for what it has seen.
    func get(_ name: String) async throws -> JSONValue {
        try await JSONDocument(parsing: request("GET", name, "").body).root
    }

    private func request(_ method: String, _ name: String, _ body: String) async throws -> LoopbackHTTP.Answer {
        let port = port
        let answer = try await BlockingCall.run { try StandInProcess.request(method, name, body, port: port) }
        guard answer.status == 200 else { throw answer.failure("\(method) \(name)") }
        return answer
    }

    private static func request(
        _ method: String,
        _ name: String,
        _ body: String,
        port: Int
    ) throws -> LoopbackHTTP.Answer {
        try LoopbackHTTP.request(method, "/stand-in/\(name)", body: body, user: "test", password: "test", port: port)
    }
}
