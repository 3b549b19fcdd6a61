import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The pages of a store's file as SQLite would read them, its write-ahead log over them, without SQLite: what cannot be
/// opened any more can still be read page by page.
///
/// The format is <https://www.sqlite.org/fileformat2.html>. Only files that Martlet makes are read: pages of 4,096 bytes
/// without a reserved area, texts in UTF-8. So a damaged head of the file keeps nobody from reading the rest.
final class PageFile {
    static let pageSize = 4_096

    private let descriptor: Int32
    /// The newest committed image of those pages that are in the write-ahead log.
    let log: WriteAheadLog
    /// Pages of the store as its last commit left it.
    let pageCount: Int
    /// Pages that the disk refused to read.
    private(set) var unreadable: Set<Int> = []

    /// - Throws: ``StoreError`` `.inputOutput` where the file cannot be opened.
    init(path: String) throws(StoreError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StoreError(.inputOutput, "\(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        log = WriteAheadLog(path: path + "-wal")
        var status = stat()
        let size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        pageCount = max(size / PageFile.pageSize, log.pages.keys.max() ?? 0)
    }

    deinit { close(descriptor) }

    /// The newest image of a page, counted from 1; `nil` where there is none or the disk refuses.
    func page(_ number: Int) -> [UInt8]? {
        guard number >= 1, number <= pageCount else { return nil }
        if let offset = log.pages[number] { return log.read(offset, PageFile.pageSize) }
        let read = PageFile.read(descriptor, at: (number - 1) * PageFile.pageSize, PageFile.pageSize)
        if read == nil { unreadable.insert(number) }
        return read
    }

    static func read(_ descriptor: Int32, at offset: Int, _ count: Int) -> [UInt8]? {
        var isComplete = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let read = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else {
                    isComplete = false
                    return
                }
                filled += read
            }
        }
        return isComplete ? bytes : nil
    }
}

extension Array where Element == UInt8 {
    /// A number of two bytes, the most significant first; zero past the end.
    func big16(_ offset: Int) -> Int {
        guard offset >= 0, offset + 2 <= count else { return 0 }
        return Int(self[offset]) << 8 | Int(self[offset + 1])
    }

    /// A number of four bytes, the most significant first; zero past the end.
    func big32(_ offset: Int) -> Int { big16(offset) << 16 | big16(offset + 2) }

    /// SQLite's number of one to nine bytes, and where it ends; `nil` past the end.
    func varint(_ offset: Int) -> (value: UInt64, end: Int)? {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard offset >= 0, offset + index < count else { return nil }
            let byte = self[offset + index]
            if index == 8 { return (value << 8 | UInt64(byte), offset + 9) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { return (value, offset + index + 1) }
        }
        return nil
    }
}
