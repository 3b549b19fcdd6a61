package import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A lock on the data directory: one process at a time writes to a store.
///
/// The kernel lets go of it when the process ends, however it ends, and not when it merely stands still. It is held before
/// anything of the store is opened. A file system that grants it twice is found out and refused: a second look at the same file
/// must be turned away.
package final class DirectoryLock: Sendable {
    /// How a file is locked, or tried to be: 0, or -1 with the reason in `errno`.
    typealias Attempt = @Sendable (_ descriptor: Int32) -> Int32

    static let attempt: Attempt = { flock($0, LOCK_EX | LOCK_NB) }

    private let descriptor: Int32

    /// - Throws: ``StoreError`` `.locked` where another has it, `.unsafePlace` where locks do not hold.
    package convenience init(directory: String) throws(StoreError) {
        try self.init(directory: directory, attempt: DirectoryLock.attempt)
    }

    init(directory: String, attempt: Attempt) throws(StoreError) {
        let path = directory + "/lock"
        let descriptor = try DirectoryLock.openFile(path)
        guard attempt(descriptor) == 0 else {
            let reason = errno
            close(descriptor)
            guard reason == EWOULDBLOCK else {
                throw StoreError(.inputOutput, "\(path) cannot be locked: \(String(cString: strerror(reason))).")
            }
            let holder = LockHolder(readingFrom: path).map { " (\($0))" } ?? ""
            throw StoreError(
                .locked,
                "Another Martlet\(holder) has the store in \(directory) open. Stop it, start this one with --standby to have it "
                    + "wait for its turn, or give this one a `store.path` of its own."
            )
        }
        self.descriptor = descriptor
        try check(path, attempt)
        LockHolder.current.write(to: descriptor)
    }

    /// What is locked must be locked for a second look too.
    private func check(_ path: String, _ attempt: Attempt) throws(StoreError) {
        let second = try DirectoryLock.openFile(path)
        defer { close(second) }
        guard attempt(second) == 0 else { return }
        throw StoreError(
            .unsafePlace,
            "The file system of \(path) grants the same lock twice, so that two Martlets could write to one store. Put the "
                + "store on a local disk, by `store.path` or --data."
        )
    }

    private static func openFile(_ path: String) throws(StoreError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.inputOutput, "\(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        return descriptor
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

extension DirectoryLock {
    /// How often one that waits looks whether the lock has been let go of.
    private static let interval = Duration.milliseconds(250)

    /// Waits for its turn.
    ///
    /// - Parameter onWaiting: called once, with who has the lock, when it is not to be had at once.
    /// - Throws: ``StoreError``, or `CancellationError` when the task is cancelled before.
    package static func wait(
        for directory: String,
        time: any TimeSource,
        onWaiting: (_ holder: String) -> Void
    ) async throws -> DirectoryLock {
        var isWaiting = false
        while true {
            do throws(StoreError) {
                let file = StoreFile(directory: directory)
                try file.makeDirectory()
                try file.checkPlace()
                return try DirectoryLock(directory: directory)
            } catch {
                guard error.code == .locked else { throw error }
            }
            if !isWaiting {
                isWaiting = true
                onWaiting(LockHolder(readingFrom: directory + "/lock")?.description ?? "unknown")
            }
            try await time.sleep(for: interval)
        }
    }
}
