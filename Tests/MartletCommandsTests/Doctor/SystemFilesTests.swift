import Foundation
import Testing

@testable import MartletCommands

struct SystemFilesTests {
    @Test func `the server is the process that holds the directory's lock`() throws {
        let data = try TemporaryFolder()
        let lock = try data.file("lock", "")
        let inode = try #require(FileManager.default.attributesOfItem(atPath: lock)[.systemFileNumber] as? NSNumber)
        let root = try TemporaryFolder()
        for folder in ["proc/77/fd", "proc/78"] {
            try FileManager.default.createDirectory(atPath: "\(root.path)/\(folder)", withIntermediateDirectories: true)
        }
        _ = try root.file(
            "proc/locks",
            "1: POSIX  ADVISORY  WRITE 78 08:01:\(inode) 0 EOF\n2: FLOCK  ADVISORY  WRITE 77 08:01:\(inode) 0 EOF\n"
        )
        _ = try root.file("proc/77/status", "Name:\tmartlet\nVmRSS:\t   1234 kB\nThreads:\t9\nUid:\t999\t999\n")
        _ = try root.file("proc/77/cmdline", "martlet\0serve\0--config\0/etc/m.yaml\0")
        _ = try root.file(
            "proc/77/limits",
            "Limit  Soft  Hard  Units\nMax open files            4                 4096      files\n"
        )
        for number in 0..<4 { _ = try root.file("proc/77/fd/\(number)", "") }
        let process = try #require(ServerProcess(holdingLockOf: data.path, files: SystemFiles(root: root.path)))
        #expect(process.pid == 77)
        #expect(process.configuration == "/etc/m.yaml")
        #expect(process.section.lines.contains("command     martlet serve --config /etc/m.yaml"))
        #expect(process.section.lines.contains("memory      1234 kB"))
        #expect(process.section.remarks == ["4 of 4 open files are in use"])
    }

    @Test func `nobody holds the lock of a directory without one`() throws {
        let folder = try TemporaryFolder()
        #expect(ServerProcess(holdingLockOf: folder.path, files: SystemFiles()) == nil)
    }

    @Test func `a directory that others may read stands out`() throws {
        let folder = try TemporaryFolder()
        let token = try folder.file("admin.token", "x")
        chmod(folder.path, 0o755)
        chmod(token, 0o644)
        let section = DirectorySection(directory: folder.path, files: SystemFiles()).section
        #expect(section.remarks.contains("others may read the directory (mode 0755)"))
        #expect(section.remarks.contains("others may read admin.token (mode 0644)"))
        chmod(folder.path, 0o700)
        #expect(
            !DirectorySection(directory: folder.path, files: SystemFiles()).section.remarks.contains {
                $0.hasPrefix("others")
            }
        )
    }

    @Test func `of a long log the end is taken`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("log", (1...2_000).map { "line \($0)\n" }.joined() + "password: x\n")
        let lines = try LogSection.section(path: file).lines
        #expect(lines.count == LogSection.mostLines)
        #expect(lines.first == "line 1502")
        #expect(lines.last == "password: (secret)")
    }

    /// Receivers and brokers have a say in what is logged.
    @Test(.timeLimit(.minutes(1)), arguments: ["key a", "a://", "passw", "https://u:p"])
    func `a line that was made to be searched for ever is not`(piece: String) throws {
        let folder = try TemporaryFolder()
        let line = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
        let file = try folder.file("log", "first\n\(line)\nlast\n")
        let lines = try LogSection.section(path: file).lines
        #expect(lines.first == "first" && lines.last == "last" && lines.count == 3)
    }
}
