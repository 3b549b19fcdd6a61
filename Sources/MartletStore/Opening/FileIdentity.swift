#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a file is, under whatever name.
struct FileIdentity: Hashable {
    private let device: dev_t
    private let number: ino_t

    /// `nil` where there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, number) = (status.st_dev, status.st_ino)
    }
}
