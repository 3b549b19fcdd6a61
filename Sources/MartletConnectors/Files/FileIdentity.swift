#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Martlet

/// What a file is, apart from its name.
struct FileIdentity: Sendable, Hashable {
    var device: UInt64
    var inode: UInt64
}

/// What the system says about a file at a moment.
struct FileStatus: Sendable {
    var identity: FileIdentity
    var size: Int64
    var modified: Timestamp
    var isRegular: Bool

    /// The file behind a descriptor.
    init(descriptor: Int32, path: String) throws(SystemCallError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemCallError("looked at", path) }
        self.init(status)
    }

    /// The file of this name; `nil` where there is none.
    init?(path: String) throws(SystemCallError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw SystemCallError("looked at", path)
        }
        self.init(status)
    }

    private init(_ status: stat) {
        identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        size = Int64(status.st_size)
        #if canImport(Glibc)
            let modified = status.st_mtim
        #else
            let modified = status.st_mtimespec
        #endif
        self.modified = Timestamp(nanoseconds: Int64(modified.tv_sec) * 1_000_000_000 + Int64(modified.tv_nsec))
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }
}
