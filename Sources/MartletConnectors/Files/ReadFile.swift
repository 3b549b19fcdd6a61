#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is read from a place on; it stays the same file when it is renamed.
struct ReadFile: ~Copyable {
    private static let chunkSize = 256 << 10

    let path: String
    let identity: FileIdentity
    private let descriptor: Int32
    /// Where the next bytes are read.
    private(set) var offset: Int64 = 0

    /// Opens the file at its beginning.
    init(path: String) throws(SystemCallError) {
        // Without O_NONBLOCK the opening of a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemCallError("opened", path) }
        let status: FileStatus
        do throws(SystemCallError) {
            status = try FileStatus(descriptor: descriptor, path: path)
            guard status.isRegular else { throw SystemCallError("followed", path, number: EINVAL) }
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        identity = status.identity
    }

    deinit { close(descriptor) }

    /// The size at this moment.
    func size() throws(SystemCallError) -> Int64 { try FileStatus(descriptor: descriptor, path: path).size }

    /// The next bytes; none at the end, for now.
    mutating func read() throws(SystemCallError) -> [UInt8] {
        let bytes = try bytes(at: offset, count: Self.chunkSize)
        offset += Int64(bytes.count)
        return bytes
    }

    mutating func rewind() { offset = 0 }

    /// Goes to a place where a line ended before.
    ///
    /// - Returns: whether there is still such a place; the file has been cut or replaced under its number if not.
    mutating func seek(to place: Int64) throws(SystemCallError) -> Bool {
        let size = try size()
        guard place <= size else { return false }
        if place > 0, place < size {
            let around = try bytes(at: place - 1, count: 2)
            guard around.contains(0x0A) else { return false }
        }
        offset = place
        return true
    }

    private func bytes(at offset: Int64, count: Int) throws(SystemCallError) -> [UInt8] {
        var failure: SystemCallError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let result = uninterrupted { pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
            if result < 0 { failure = SystemCallError("read", path) }
            initialized = max(0, result)
        }
        if let failure { throw failure }
        return bytes
    }
}
