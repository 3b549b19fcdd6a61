import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whom a data directory belongs to: what root makes in it is given to that user, who could not open it otherwise.
struct DirectoryOwner {
    private let user: uid_t
    private let group: gid_t

    /// `nil` where there is nothing to give: for everybody but root, and where the directory is root's.
    init?(of directory: String) {
        var status = stat()
        guard geteuid() == 0, stat(directory, &status) == 0, status.st_uid != 0 else { return nil }
        (user, group) = (status.st_uid, status.st_gid)
    }

    /// Gives a file or directory that root has made; one that is not there, or not root's, is left as it is.
    ///
    /// The owner may have put a link in the place of any name here: none is followed, and no file is given that has another name.
    func take(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw failure(path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }
        let kind = status.st_mode & S_IFMT
        guard status.st_uid == 0, kind == S_IFDIR || kind == S_IFREG && status.st_nlink == 1 else { return }
        guard fchown(descriptor, user, group) == 0 else { throw failure(path) }
    }

    private func failure(_ path: String) -> StoreError {
        StoreError(
            .inputOutput,
            "\(path) cannot be given to the owner of its directory: \(String(cString: strerror(errno)))."
        )
    }
}
