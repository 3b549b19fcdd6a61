import Foundation
import Martlet

/// The data directory: files, sizes, modes, and the disk that it is on. The store is not opened: it belongs to the server, and
/// a program of another version would change it.
struct DirectorySection {
    let directory: String
    let files: SystemFiles

    var section: DoctorReport.Section {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            return DoctorReport.Section(
                title: "Data directory \(directory)",
                lines: ["It is not there, or we may not read it: name the server's with --data."],
                remarks: ["\(directory) cannot be read"]
            )
        }
        let isOpen = FileFacts(path: directory)?.isReadableByOthers ?? false
        var remarks: [String] = []
        var lines: [String] = [" mode  owner          size  changed               name"]
        for name in ["."] + names.sorted() {
            guard let facts = FileFacts(path: "\(directory)/\(name)") else { continue }
            lines.append("\(facts.line)  \(name)")
            // Within a directory that is closed it does not matter; the address is no secret.
            if isOpen, facts.isReadableByOthers, name != "listen.url" {
                remarks.append("others may read \(name == "." ? "the directory" : name) (mode \(facts.modeText))")
            }
        }
        lines.append("")
        if let version = storeVersion { lines.append("store layout \(version)") }
        if let (line, remark) = disk {
            lines.append(line)
            if let remark { remarks.append(remark) }
        }
        if let mount { lines.append("mounted as \(mount)") }
        return DoctorReport.Section(title: "Data directory \(directory)", lines: lines, remarks: remarks)
    }

    /// `PRAGMA user_version`, from the head of SQLite's file format.
    private var storeVersion: String? {
        guard let handle = FileHandle(forReadingAtPath: "\(directory)/martlet.sqlite"),
            let head = try? handle.read(upToCount: 100), head.count == 100
        else { return nil }
        return "\(head[60..<64].reduce(0) { $0 << 8 | UInt32($1) })"
    }

    private var disk: (line: String, remark: String?)? {
        var facts = statvfs()
        guard statvfs(directory, &facts) == 0 else { return nil }
        let size = Int(facts.f_blocks) * Int(facts.f_frsize)
        let free = Int(facts.f_bavail) * Int(facts.f_frsize)
        let line =
            "disk of \(Measures.size(size)), \(Measures.size(free)) free, \(Measures.count(Int(facts.f_favail))) files free"
        let isLow = free < max(1 << 30, size / 20)
        return (line, isLow ? "only \(Measures.size(free)) of disk are free" : nil)
    }

    /// File system and options of the longest mount point above the directory.
    private var mount: String? {
        let path = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
        let mounts = files.lines("/proc/self/mounts").map { $0.split(separator: " ").map { String($0) } }
            .filter { $0.count >= 4 && (path == $0[1] || path.hasPrefix($0[1] == "/" ? "/" : $0[1] + "/")) }
        // Of several on one another the last is the one that is seen.
        guard let mount = mounts.max(by: { $0[1].count <= $1[1].count }) else { return nil }
        return "\(mount[2]) at \(mount[1]) (\(mount[3]))"
    }
}

/// What the file system tells of a file.
struct FileFacts {
    private let facts: stat

    /// Nil where there is none; a link is not followed.
    init?(path: String) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return nil }
        self.facts = facts
    }

    var isReadableByOthers: Bool { facts.st_mode & 0o077 != 0 && facts.st_mode & S_IFMT != S_IFLNK }

    /// `0600`.
    var modeText: String {
        let digits = String(facts.st_mode & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    var line: String {
        func left(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let owner = "\(facts.st_uid):\(facts.st_gid)"
        let changed = "\(Timestamp(seconds: Int64(facts.st_mtim.tv_sec)))"
        return " \(modeText)  \(left(owner, 9))  \(right("\(facts.st_size)", 10))  \(left(changed, 20))"
    }
}
