/// How far a file has been read: a source's checkpoint, written `device-inode:offset`.
struct FilePlace: Sendable, Hashable, LosslessStringConvertible {
    var identity: FileIdentity
    /// The offset after the last line taken.
    var offset: Int64

    init(identity: FileIdentity, offset: Int64) {
        self.identity = identity
        self.offset = offset
    }

    init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let offset = Int64(parts[1]), offset >= 0 else { return nil }
        let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, let device = UInt64(numbers[0]), let inode = UInt64(numbers[1]) else { return nil }
        self.init(identity: FileIdentity(device: device, inode: inode), offset: offset)
    }

    var description: String { "\(identity.device)-\(identity.inode):\(offset)" }
}
