import Foundation
import Martlet
import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Who holds the lock on a data directory, as it has written into the lock's file itself; for people.
struct LockHolder: Sendable, Hashable, CustomStringConvertible {
    var process: Int32
    var host: String
    /// As a time of RFC 3339.
    var since: String

    static var current: LockHolder {
        let host = ProcessInfo.processInfo.hostName
        return LockHolder(process: getpid(), host: host, since: SystemTime().now.description)
    }

    init(process: Int32, host: String, since: String) {
        self.process = process
        self.host = host
        self.since = since
    }

    /// What was written last; `nil` where nothing that can be read was.
    init?(readingFrom path: String) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, let process = Int32(words[0]) else { return nil }
        self.init(process: process, host: String(words[1]), since: String(words[2]))
    }

    var description: String { "process \(process) on \(host), since \(since)" }

    /// Says it in the lock's file; the lock is what counts, so that a full disk is no reason to go without it.
    func write(to descriptor: Int32) {
        let text = Array("\(process) \(host) \(since)\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }
}
