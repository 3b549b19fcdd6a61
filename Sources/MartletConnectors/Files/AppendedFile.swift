#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Martlet

/// A file of whole lines that is appended to: open, locked, and never left with a part of a line at its end.
///
/// Invariants:
/// - it ends with a line feed, or is empty, whenever no call is being made;
/// - nobody else appends to it through a lock of this kind, so that cutting it back takes nothing of another's;
/// - after an error it is as it was before the call, or the next opening makes it so.
struct AppendedFile: ~Copyable {
    let path: String
    private let descriptor: Int32
    let identity: FileIdentity
    private(set) var size: Int64
    /// When it was last written to.
    private(set) var modified: Timestamp

    /// Opens or makes the file, and cuts off a last line that a crash or a full disk tore.
    init(path: String) throws(SystemCallError) {
        // Without O_NONBLOCK the opening of a pipe would wait for a reader.
        let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o640)
        guard descriptor >= 0 else { throw SystemCallError("opened", path) }
        let status: FileStatus
        let size: Int64
        do throws(SystemCallError) {
            status = try FileStatus(descriptor: descriptor, path: path)
            guard status.isRegular else { throw SystemCallError("written to", path, number: EINVAL) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw SystemCallError("locked", path) }
            size = try AppendedFile.cutTornLine(of: descriptor, size: status.size, path: path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        self.size = size
        identity = status.identity
        modified = status.modified
    }

    deinit { close(descriptor) }

    /// Appends whole lines, all or none of them.
    mutating func append(_ lines: [UInt8], at moment: Timestamp) throws(SystemCallError) {
        var written = 0
        while written < lines.count {
            let count = lines.withUnsafeBytes { bytes in
                uninterrupted { write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written) }
            }
            guard count >= 0 else {
                let failure = SystemCallError("written to", path)
                guard written == 0 || ftruncate(descriptor, off_t(size)) == 0 else {
                    throw SystemCallError("cut back after a failed write", path)
                }
                throw failure
            }
            written += count
        }
        size += Int64(lines.count)
        modified = moment
    }

    /// Makes what has been appended durable.
    func synchronize() throws(SystemCallError) {
        guard uninterrupted({ fdatasync(descriptor) }) == 0 else { throw SystemCallError("synchronized", path) }
    }

    /// The size without a last line that has no line feed; the file is cut to it.
    private static func cutTornLine(of descriptor: Int32, size: Int64, path: String) throws(SystemCallError) -> Int64 {
        let end = try endOfLastLine(of: descriptor, size: size, path: path)
        guard end < size else { return size }
        guard ftruncate(descriptor, off_t(end)) == 0 else { throw SystemCallError("cut back", path) }
        return end
    }

    /// The offset after the last line feed, looked for from the end.
    private static func endOfLastLine(
        of descriptor: Int32,
        size: Int64,
        path: String
    ) throws(SystemCallError) -> Int64 {
        var end = size
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while end > 0 {
            let start = max(0, end - Int64(block.count))
            let count = block.withUnsafeMutableBytes { bytes in
                uninterrupted { pread(descriptor, bytes.baseAddress, Int(end - start), off_t(start)) }
            }
            guard count == Int(end - start) else {
                throw SystemCallError("read", path, number: count < 0 ? errno : EIO)
            }
            if let lineFeed = block[..<count].lastIndex(of: 0x0A) { return start + Int64(lineFeed) + 1 }
            end = start
        }
        return 0
    }
}
