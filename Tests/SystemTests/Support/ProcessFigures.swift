import Foundation

/// What a process takes of its machine, as the kernel tells it.
struct ProcessFigures: Sendable {
    /// Memory that is really there, in bytes.
    var residentBytes: Int
    /// The most that it has ever been.
    var peakBytes: Int
    /// Files and connections that are open.
    var openFiles: Int
    /// Time on a processor, user's and system's.
    var processorTime: Duration

    init(of identifier: Int32) throws {
        let folder = "/proc/\(identifier)"
        let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8)
        func kilobytes(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") } ?? ""
            return line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) } ?? 0
        }
        residentBytes = kilobytes("VmRSS") << 10
        peakBytes = kilobytes("VmHWM") << 10
        openFiles = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/fd").count
        let stat = try String(contentsOfFile: "\(folder)/stat", encoding: .utf8)
        // After the name, which is in brackets and may hold anything: user and system time are the 12th and 13th, in ticks.
        let fields = stat.split(separator: ")").last.map { $0.split(separator: " ") } ?? []
        let ticks = fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
        processorTime = .milliseconds(ticks * 1_000 / sysconf(Int32(_SC_CLK_TCK)))
    }
}

extension Server {
    var figures: ProcessFigures { get throws { try ProcessFigures(of: identifier) } }
}
