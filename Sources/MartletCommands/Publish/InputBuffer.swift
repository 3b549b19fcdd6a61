/// A window on an input: what has been read and not yet been taken.
struct InputBuffer {
    typealias Read = (_ atMost: Int) throws -> [UInt8]

    /// What has been read and not been taken; its indices start anywhere.
    private(set) var bytes: ArraySlice<UInt8> = []
    /// The line of the first of them, counted from 1.
    private(set) var line = 1
    /// How many bytes have been taken.
    private(set) var taken = 0
    private let read: Read
    private var isAtEnd = false

    private static let piece = 256 << 10

    init(read: @escaping Read) { self.read = read }

    /// Reads on; false at the end of the input.
    mutating func fill() throws -> Bool {
        guard !isAtEnd else { return false }
        let piece = try read(Self.piece)
        isAtEnd = piece.isEmpty
        // A new array each time, so that what has been taken is given back.
        bytes = ArraySlice(Array(bytes) + piece)
        return !isAtEnd
    }

    /// Takes the bytes before an index.
    mutating func take(upTo end: Int) -> ArraySlice<UInt8> {
        let slice = bytes[..<end]
        bytes = bytes[end...]
        taken += slice.count
        line += slice.count { $0 == 0x0a }
        return slice
    }

    /// Takes blanks and line breaks, and a byte order mark; false where nothing else is left.
    mutating func skipBlanks() throws -> Bool {
        while true {
            if taken == 0, bytes.starts(with: [0xef, 0xbb, 0xbf]) { _ = take(upTo: bytes.startIndex + 3) }
            if let first = bytes.firstIndex(where: { !$0.isBlank }) {
                _ = take(upTo: first)
                return true
            }
            _ = take(upTo: bytes.endIndex)
            guard try fill() else { return false }
        }
    }
}

extension UInt8 {
    /// JSON's white space.
    var isBlank: Bool { self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09 }
}
