import Foundation
import MartletTesting

/// A program that asks a name server of the test's own, by a `resolv.conf` in a mount namespace of its own.
enum PrivateNameService {
    /// Whether this machine lets us: root, with mount namespaces.
    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["unshare", "--mount", "true"]
        process.standardError = FileHandle.nullDevice
        do { try process.runWithSignals() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// What starts a program so.
    static func launcher(_ server: LoopbackNameServer, in directory: URL) throws -> [String] {
        let file = directory.appending(path: "resolv.conf")
        let text = "nameserver \(server.address)\noptions timeout:30 attempts:1\n"
        try text.write(to: file, atomically: true, encoding: .utf8)
        let script = #"mount --bind "$0" /etc/resolv.conf && exec "$@""#
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, file.path]
    }
}
