#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import MartletJSON

/// Cuts bytes that arrive in pieces into lines: pure.
///
/// Memory is bounded by `maximumLength` and the largest piece: of a longer line only the head is kept.
struct LineCutter: Sendable {
    enum Line: Sendable, Hashable {
        /// A line without its line feed, or carriage return and line feed.
        case whole(Bytes)
        /// A line longer than allowed: its first bytes, and how many it has.
        case tooLong(head: Bytes, count: Int)
    }

    /// How much of a line that is too long is kept.
    static let keptHead = 1_024

    let maximumLength: Int
    /// How many bytes the lines handed out had, line feeds included: where to read on from.
    private(set) var consumed: Int64 = 0

    private var buffer: Bytes = []
    /// The offset in `buffer` up to which there is no line feed.
    private var searched = 0
    /// The line that is being skipped.
    private var skipped: (head: Bytes, count: Int)?

    init(maximumLength: Int) { self.maximumLength = maximumLength }

    /// Takes the next bytes.
    mutating func append(_ bytes: [UInt8]) {
        // The rest is copied to the front, so that what was handed out can be let go of.
        let searchedCount = searched - buffer.startIndex
        var joined = Array(buffer)
        joined.append(contentsOf: bytes)
        buffer = joined[...]
        searched = searchedCount
    }

    /// The next line that is complete; `nil` where more bytes are needed.
    mutating func next() -> Line? {
        guard let lineFeed = indexOfLineFeed() else {
            searched = buffer.endIndex
            if skipped != nil || buffer.count > maximumLength { skip(buffer.endIndex) }
            return nil
        }
        let line = take(upTo: lineFeed)
        buffer = buffer[(lineFeed + 1)...]
        searched = buffer.startIndex
        consumed += 1
        return line
    }

    /// What follows the last line feed, at the end of the input; `nil` where nothing does.
    mutating func finish() -> Line? {
        guard !buffer.isEmpty || skipped != nil else { return nil }
        let line = take(upTo: buffer.endIndex)
        buffer = []
        searched = 0
        return line
    }

    private mutating func take(upTo end: Int) -> Line {
        if skipped != nil || end - buffer.startIndex > maximumLength {
            skip(end)
            defer { skipped = nil }
            let (head, count) = skipped ?? ([], 0)
            consumed += Int64(count)
            return .tooLong(head: head, count: count)
        }
        let line = buffer[..<end]
        consumed += Int64(line.count)
        return .whole(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }

    private mutating func skip(_ end: Int) {
        var (head, count) = skipped ?? ([], 0)
        let bytes = buffer[..<end]
        if head.isEmpty { head = Bytes(bytes.prefix(Self.keptHead)) }
        count += bytes.count
        skipped = (head, count)
        buffer = buffer[end...]
        searched = buffer.startIndex
    }

    private func indexOfLineFeed() -> Int? {
        buffer[searched...].withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, let found = memchr(start, 0x0A, bytes.count) else { return nil }
            return searched + (UnsafeRawPointer(found) - start)
        }
    }
}
