import Foundation
import MartletGateway

/// The process that has the store of a data directory open, found by its lock.
struct ServerProcess {
    let pid: Int
    private let files: SystemFiles

    /// Nil where nobody has the lock, or the kernel does not show it: on another machine, in another container.
    init?(holdingLockOf directory: String, files: SystemFiles) {
        var facts = stat()
        guard lstat("\(directory)/lock", &facts) == 0 else { return nil }
        // `1: FLOCK  ADVISORY  WRITE 1234 08:01:131 0 EOF`: the last number of the place is the inode.
        let pids = files.lines("/proc/locks").compactMap { line -> Int? in
            let words = line.split(separator: " ")
            guard words.count >= 6, words[1] == "FLOCK", words[5].split(separator: ":").last == "\(facts.st_ino)" else {
                return nil
            }
            return Int(words[4])
        }
        guard let pid = pids.first(where: { $0 > 0 && files.text("/proc/\($0)/status") != nil }) else { return nil }
        self.pid = pid
        self.files = files
    }

    /// The words of its command line.
    var arguments: [String] {
        files.text("/proc/\(pid)/cmdline")?.split(separator: "\0").map { String($0) } ?? []
    }

    /// The configuration that it was started with; nil where none is named.
    var configuration: String? {
        var words = arguments[...]
        while let word = words.popFirst() {
            if word == "--config" || word == "-c" { return words.first.map(absolute) }
            if word.hasPrefix("--config=") { return absolute(String(word.dropFirst("--config=".count))) }
        }
        return nil
    }

    private func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"),
            let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
        else { return path }
        return "\(directory)/\(path)"
    }

    var section: DoctorReport.Section {
        let status = "/proc/\(pid)/status"
        let open = files.names(in: "/proc/\(pid)/fd").count
        let limit = files.lines("/proc/\(pid)/limits").first { $0.hasPrefix("Max open files") }
            .flatMap { $0.split(separator: " ").dropFirst(3).first.flatMap { Int($0) } }
        var remarks: [String] = []
        if let limit, open > limit * 3 / 4 { remarks.append("\(open) of \(limit) open files are in use") }
        return DoctorReport.Section(
            "Server process",
            table: [
                (name: "pid", value: "\(pid)"),
                (name: "command", value: TextRedaction.redact(arguments.joined(separator: " "))),
                (name: "user", value: files.value("Uid", in: status)?.split(separator: "\t").first.map { "\($0)" }),
                (name: "memory", value: files.value("VmRSS", in: status)),
                (name: "most memory", value: files.value("VmHWM", in: status)),
                (name: "threads", value: files.value("Threads", in: status)),
                (name: "open files", value: "\(open) of \(limit.map { "\($0)" } ?? "an unknown number")"),
            ],
            remarks: remarks
        )
    }
}
