import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A lock on the data directory: one process at a time writes to a store, whatever network file system lies below.
///
/// The kernel lets go of it when the process ends, however it ends.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``StoreError`` `.locked` where another has it.
    init(directory: String) throws(StoreError) {
        let path = directory + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.inputOutput, "\(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            guard reason == EWOULDBLOCK else {
                throw StoreError(.inputOutput, "\(path) cannot be locked: \(String(cString: strerror(reason))).")
            }
            throw StoreError(
                .locked,
                "Another Martlet has the store in \(directory) open. Stop it, or give this one a `store.path` of its own."
            )
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Whether a process has the lock now; says nothing of the next moment.
    static func isHeld(directory: String) -> Bool {
        let descriptor = open(directory + "/lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
