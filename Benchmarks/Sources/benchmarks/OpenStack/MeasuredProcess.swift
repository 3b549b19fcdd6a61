import Foundation
import MartletTesting

/// A program that runs as long as it is held, with the CPU time of itself and of its children.
final class MeasuredProcess: Sendable {
    private let process: Process
    private let input = Pipe()
    private let output = Pipe()

    /// - Parameter log: where its standard error goes; its standard output too where it is given.
    init(_ program: String, _ arguments: [String], log: URL? = nil) throws {
        process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        if let log {
            try Data().write(to: log)
            let file = try FileHandle(forWritingTo: log)
            process.standardOutput = file
            process.standardError = file
        }
        try process.runWithSignals()
    }

    deinit {
        // One that is asked to end may take a minute for what it has in hand, and its children outlive it.
        for member in Self.family(of: process.processIdentifier) { kill(member, SIGKILL) }
        process.waitUntilExit()
    }

    /// Waits for the first line that it prints.
    func firstLine() -> String {
        var text = ""
        while !text.contains("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            text += String(decoding: data, as: UTF8.self)
        }
        return String(text.prefix { $0 != "\n" })
    }

    /// User and system time so far, in seconds: of the process, its children and theirs.
    var cpu: Double { Self.cpu(of: process.processIdentifier) }

    private static func cpu(of root: Int32) -> Double { family(of: root).map(ownCPU(of:)).reduce(0, +) }

    /// The process, its children and theirs, by the parents that all processes name.
    private static func family(of process: Int32) -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        let children = Dictionary(grouping: all) { fields(of: $0).dropFirst().first.flatMap { Int32($0) } ?? 0 }
        var members = [process]
        var next = 0
        while next < members.count {
            members += children[members[next]] ?? []
            next += 1
        }
        return members
    }

    private static func ownCPU(of process: Int32) -> Double {
        let fields = fields(of: process)
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// What `/proc/PID/stat` says behind the name, the state first.
    private static func fields(of process: Int32) -> [Substring] {
        let stat = text("/proc/\(process)/stat")
        return stat.lastIndex(of: ")").map { stat[stat.index(after: $0)...].split(separator: " ") } ?? []
    }

    /// What has gone meanwhile has no text.
    private static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
}
