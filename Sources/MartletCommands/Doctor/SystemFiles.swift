import Foundation

/// Reads what the kernel and the system tell in files, below a root of a test's choosing.
struct SystemFiles: Sendable {
    /// Files longer than this are cut: none of these is.
    private static let maximumBytes = 1 << 20

    var root = ""

    /// The text of a file; nil where there is none, or none that we may read.
    func text(_ path: String) -> String? {
        // Files of /proc say that they are empty: they are read to their end.
        guard let handle = FileHandle(forReadingAtPath: root + path),
            let data = try? handle.read(upToCount: Self.maximumBytes)
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    /// The lines of a file; none where there is no such file.
    func lines(_ path: String) -> [String] {
        text(path)?.split(separator: "\n").map { String($0) } ?? []
    }

    /// The value of `name: value`, as in /proc/meminfo.
    func value(_ name: String, in path: String) -> String? {
        lines(path).first { $0.hasPrefix("\(name):") }?.dropFirst(name.count + 1)
            .trimmingCharacters(in: .whitespaces)
    }

    /// The names in a directory.
    func names(in path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: root + path))?.sorted() ?? []
    }
}
