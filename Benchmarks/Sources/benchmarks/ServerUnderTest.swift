import Foundation
import MartletTransfer

/// A real `martlet serve` in a process of its own, with its CPU time and memory.
final class ServerUnderTest: Sendable {
    let url: String
    let token: String
    private let process: Process
    private let directory: URL

    init(binary: String, configuration: String? = nil) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "martlet-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let process = Process()
        self.process = process
        process.executableURL = URL(filePath: binary)
        var arguments = [
            "serve", "--data", directory.appending(path: "data").path, "--listen", "127.0.0.1:0", "--log-level",
            "error",
        ]
        if let configuration {
            let file = directory.appending(path: "martlet.yaml")
            try configuration.write(to: file, atomically: true, encoding: .utf8)
            arguments += ["--config", file.path]
        }
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var text = ""
        while !text.contains("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw BenchmarkError("The server did not start.") }
            text += String(decoding: data, as: UTF8.self)
        }
        guard let line = text.split(separator: "\n").first, line.hasPrefix("listening on ") else {
            throw BenchmarkError("The server said: \(text)")
        }
        url = String(line.dropFirst("listening on ".count))
        token = try String(contentsOf: directory.appending(path: "data/admin.token"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: directory)
    }

    /// User and system time so far, in seconds.
    var cpu: Double {
        guard let stat = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return 0 }
        let fields = stat[stat.index(end, offsetBy: 2)...].split(separator: " ")
        return (Double(fields[11]) ?? 0) / Double(sysconf(Int32(_SC_CLK_TCK)))
            + (Double(fields[12]) ?? 0) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The largest resident set so far, in MiB.
    var peakMemory: Double {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Double($0) }.map { $0 / 1_024 }
            ?? 0
    }

    func post(_ transfer: HTTPTransfer, _ path: String, _ body: [UInt8]) async throws -> HTTPResponse {
        try await transfer.perform(
            HTTPRequest(
                method: "POST",
                url: url + path,
                headers: [
                    (name: "authorization", value: "Bearer \(token)"),
                    (name: "content-type", value: "application/json"),
                ],
                body: body,
                timeout: .seconds(60)
            )
        )
    }

    func get(_ transfer: HTTPTransfer, _ path: String) async throws -> HTTPResponse {
        try await transfer.perform(
            HTTPRequest(
                method: "GET",
                url: url + path,
                headers: [(name: "authorization", value: "Bearer \(token)")],
                body: []
            )
        )
    }
}
