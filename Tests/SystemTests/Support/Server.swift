import Foundation
import MartletJSON
import MartletTesting
import MartletTransfer
import Testing

/// A real `martlet serve`, started from the binary that was built beside the tests, on a free port in a directory of its own.
final class Server: Sendable {
    let directory: URL
    let url: String
    let token: String
    private let process: Process
    private let transfer: HTTPTransfer
    private let log: URL

    /// Starts a server and returns when it accepts.
    ///
    /// - Parameters:
    ///   - directory: where its store is; a fresh one where none is given.
    ///   - configuration: YAML; `nil` for the embedded default.
    ///   - listen: the address, instead of any free one.
    ///   - isStandby: whether it waits for its turn; the log of one that does is another file.
    ///   - launcher: a command that the program and its arguments are appended to, and that becomes the program.
    ///   - options: what else `serve` is told.
    init(
        in directory: URL? = nil,
        configuration: String? = nil,
        listen: String = "127.0.0.1:0",
        isStandby: Bool = false,
        environment: [String: String] = [:],
        launcher: [String] = [],
        options: [String] = []
    ) async throws {
        let directory = try directory ?? ScratchDirectory.make()
        self.directory = directory
        var arguments = ["serve", "--data", directory.appending(path: "data").path, "--listen", listen]
        if isStandby { arguments.append("--standby") }
        if let configuration {
            let file = directory.appending(path: "martlet.yaml")
            try configuration.write(to: file, atomically: true, encoding: .utf8)
            arguments += ["--config", file.path]
        }
        arguments += options
        log = Server.log(in: directory, isStandby: isStandby)
        if !FileManager.default.fileExists(atPath: log.path) {
            try Data().write(to: log)
        }
        let output = Pipe()
        process = Process()
        process.executableURL = launcher.isEmpty ? Server.binary : URL(filePath: "/usr/bin/env")
        process.arguments = launcher.isEmpty ? arguments : launcher + [Server.binary.path] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: log)
        try process.runWithSignals()
        guard let url = await Server.readAddress(from: output.fileHandleForReading) else {
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            throw ServerError("The server did not start: \(text.suffix(2_000))")
        }
        self.url = url
        let tokenFile = directory.appending(path: "data/admin.token")
        token = try String(contentsOf: tokenFile, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        transfer = try HTTPTransfer(maximumConnectionsPerHost: 64)
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Where a server leaves its log.
    static func log(in directory: URL, isStandby: Bool = false) -> URL {
        directory.appending(path: isStandby ? "standby.log" : "serve.log")
    }

    /// The binary beside the test bundle.
    static let binary = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "martlet")

    /// The folder of the package.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    /// Where `make test` has installed what the tests check against.
    static let testTools =
        ProcessInfo.processInfo.environment["MARTLET_TEST_TOOLS"].map { URL(filePath: $0) }
        ?? root.appending(path: ".build/test-tools")

    /// Reads on a thread of its own until the line is there or the output ends.
    private static func readAddress(from handle: FileHandle) async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var text = ""
                while !text.contains("\n") {
                    let data = handle.availableData
                    guard !data.isEmpty else { return continuation.resume(returning: nil) }
                    text += String(decoding: data, as: UTF8.self)
                }
                let line = text.prefix { $0 != "\n" }
                let prefix = "listening on "
                continuation.resume(returning: line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : nil)
            }
        }
    }

    var identifier: Int32 { process.processIdentifier }

    /// `kill -9`, without waiting.
    func sendKill() { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// `kill -9`, and waits until it is gone.
    func kill9() {
        sendKill()
        process.waitUntilExit()
    }

    /// Waits until it is gone by itself.
    func waitForEnd() { process.waitUntilExit() }

    /// SIGTERM; returns the exit code.
    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }
}

struct ServerError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

// MARK: - Talking to it

extension Server {
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]

        /// The body as JSON.
        var json: JSONValue { get throws { try JSONDocument(parsing: body).root } }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    func get(_ path: String, token: String? = nil) async throws -> Answer {
        try await send("GET", path, body: [], headers: [], token: token)
    }

    func post(
        _ path: String,
        _ body: String,
        headers: [(name: String, value: String)] = [],
        token: String? = nil
    ) async throws -> Answer {
        try await send("POST", path, body: Array(body.utf8), headers: headers, token: token)
    }

    /// - Parameter token: another token than the administrator's; empty for none.
    func send(
        _ method: String,
        _ path: String,
        body: [UInt8],
        headers: [(name: String, value: String)],
        token: String? = nil
    ) async throws -> Answer {
        var headers = headers
        let token = token ?? self.token
        if !token.isEmpty { headers.append((name: "authorization", value: "Bearer \(token)")) }
        if method == "POST", !headers.contains(where: { $0.name == "content-type" }) {
            headers.append((name: "content-type", value: "application/json"))
        }
        let response = try await transfer.perform(
            HTTPRequest(
                method: method,
                url: url + path,
                headers: headers,
                body: body,
                timeout: .seconds(60),
                maximumResponseBytes: 64 << 20
            )
        )
        return Answer(status: response.status, headers: response.headers, body: response.body)
    }

    /// A forwarder as the API shows it.
    func forwarder(_ name: String) async throws -> JSONValue {
        let forwarders = try await get("/v1/forwarders").json["forwarders"]
        return try #require(forwarders?.elements.first { $0["name"]?.string == name })
    }

    /// A source as the API shows it.
    func source(_ name: String) async throws -> JSONValue {
        let sources = try await get("/v1/status").json["sources"]
        return try #require(sources?.elements.first { $0["name"]?.string == name })
    }

    /// The last position of the log.
    func head() async throws -> Int {
        let head = try await get("/v1/status").json["store"]?["head"]?.string
        return try #require(head.flatMap { Int($0) })
    }

    /// The events of the whole log, page by page.
    func allEvents(query: String = "") async throws -> [JSONValue] {
        var events: [JSONValue] = []
        var after = "0"
        while true {
            let page = try await get("/v1/events?limit=1000&after=\(after)\(query)").json
            events += page["events"].map { Array($0.elements) } ?? []
            guard let next = page["next"]?.string else { return events }
            after = next
        }
    }
}
