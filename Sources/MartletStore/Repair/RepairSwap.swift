import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Puts the repaired files in the place of the damaged ones, and can be gone on with wherever it was interrupted.
///
/// Beside the store: `repairing/`, where the new one is made. Once that is complete, the file `repairing/ready` says where the
/// damaged files go to; a store is not opened while it is there.
struct RepairSwap {
    private let file: StoreFile
    private let owner: DirectoryOwner?

    init(_ file: StoreFile) {
        self.file = file
        owner = DirectoryOwner(of: file.directory)
    }

    private var workDirectory: String { file.directory + "/repairing" }
    private var readyPath: String { workDirectory + "/ready" }
    var newFile: StoreFile { StoreFile(directory: workDirectory) }

    /// Whether the damaged files may have been moved, and the new ones not yet.
    var isUnfinished: Bool { access(readyPath, F_OK) == 0 }

    /// - Throws: ``StoreError`` where a repair was interrupted in the moment of the change.
    func requireFinished() throws(StoreError) {
        guard isUnfinished else { return }
        throw StoreError(
            .failed,
            "A repair of this store has not been finished. Run `martlet store repair` with the same --data; it takes a moment."
        )
    }

    /// Makes an empty place for the new store.
    ///
    /// - Parameter room: bytes that must be free.
    func begin(room: Int64) throws {
        var facts = statvfs()
        if statvfs(file.directory, &facts) == 0 {
            let free = Int64(facts.f_bavail) * Int64(facts.f_frsize)
            guard free >= room else {
                throw StoreError(
                    .full,
                    "A repair needs \(room >> 20) MiB beside the damaged store, and \(free >> 20) MiB are free."
                )
            }
        }
        removeWork()
        try newFile.makeDirectory()
        try owner?.take(workDirectory)
    }

    /// The new store is complete: from now on the change is made, whatever happens.
    func ready(movingAsideTo name: String) throws {
        for suffix in ["", "-wal"] where access(newFile.path + suffix, F_OK) == 0 {
            try owner?.take(newFile.path + suffix)
            try sync(newFile.path + suffix)
        }
        // It has its name only once it says where: an empty one would have the new file written over the old.
        let partial = readyPath + ".partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("\(partial) cannot be made") }
        defer { close(descriptor) }
        let bytes = Array(name.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw failure("\(partial) cannot be written")
        }
        try owner?.take(partial)
        guard rename(partial, readyPath) == 0 else { throw failure("\(readyPath) cannot be made") }
        try sync(workDirectory)
    }

    /// Moves the damaged files aside and the new ones in.
    func finish() throws {
        let name = try aside()
        guard !name.isEmpty, !name.contains("/") else {
            throw StoreError(
                .failed,
                "\(readyPath) does not say where the damaged files go to; remove it and repair again."
            )
        }
        let directory = file.directory + "/" + name
        if mkdir(directory, 0o700) != 0, errno != EEXIST { throw failure("\(directory) cannot be made") }
        try owner?.take(directory)
        // The new file is still in its place as long as the old one may not be it.
        if access(newFile.path, F_OK) == 0 {
            for old in [file.path + "-wal", file.path + "-shm", file.path] { try move(old, into: directory) }
            for old in [file.textPath + "-wal", file.textPath + "-shm", file.textPath] {
                try move(old, into: directory)
            }
            try sync(directory)
            guard rename(newFile.path, file.path) == 0 else { throw failure("\(newFile.path) cannot be moved") }
        }
        try sync(file.directory)
        removeWork()
        try sync(file.directory)
    }

    private func aside() throws -> String {
        let descriptor = open(readyPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("\(readyPath) cannot be read") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, let bytes = PageFile.read(descriptor, at: 0, Int(status.st_size)) else {
            throw failure("\(readyPath) cannot be read")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func move(_ path: String, into directory: String) throws {
        guard access(path, F_OK) == 0 else { return }
        let name = path.split(separator: "/").last ?? ""
        guard rename(path, "\(directory)/\(name)") == 0 else {
            throw failure("\(path) cannot be moved to \(directory)")
        }
    }

    private func removeWork() {
        // The file that says so goes last but for the directory: until then the change can be gone on with.
        for name in [newFile.path, newFile.textPath] { for suffix in ["", "-wal", "-shm"] { unlink(name + suffix) } }
        unlink(workDirectory + "/lock")
        unlink(readyPath + ".partial")
        unlink(readyPath)
        rmdir(workDirectory)
    }

    private func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("\(path) cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("\(path) cannot be brought to the disk") }
    }

    private func failure(_ what: String) -> StoreError {
        StoreError(.inputOutput, "\(what): \(String(cString: strerror(errno))).")
    }
}
