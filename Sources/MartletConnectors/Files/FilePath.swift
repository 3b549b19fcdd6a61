#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The two parts of a path, and what else lies in its folder.
struct FilePath: Sendable, Hashable {
    var folder: String
    var name: String

    init(_ path: String) {
        guard let slash = path.lastIndex(of: "/") else {
            folder = "."
            name = path
            return
        }
        folder = slash == path.startIndex ? "/" : String(path[..<slash])
        name = String(path[path.index(after: slash)...])
    }

    /// The path of another file in the same folder.
    func sibling(_ name: String) -> String { folder == "/" ? "/\(name)" : "\(folder)/\(name)" }

    /// The names in the folder that begin with this file's name and a full stop, in no order.
    func relatedNames() throws(SystemCallError) -> [String] {
        guard let directory = opendir(folder) else { throw SystemCallError("looked for", folder) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let length = MemoryLayout.size(ofValue: entry.pointee.d_name)
            let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
                start.withMemoryRebound(to: CChar.self, capacity: length) { String(cString: $0) }
            }
            if name.hasPrefix("\(self.name).") { names.append(name) }
        }
        return names
    }

    /// Makes the folder's entries durable: a file that was made or renamed is there after a power cut.
    func synchronizeFolder() throws(SystemCallError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCallError("opened", folder) }
        defer { close(descriptor) }
        guard uninterrupted({ fsync(descriptor) }) == 0 else { throw SystemCallError("synchronized", folder) }
    }
}
