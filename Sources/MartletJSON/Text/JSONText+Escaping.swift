extension JSONText {
    /// Appends UTF-8 bytes, escaping the quote, the backslash and the control characters.
    static func appendEscaped(_ bytes: some Sequence<UInt8>, to result: inout [UInt8]) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { appendEscaped(contiguous: $0, to: &result) }
        if isDone == nil {
            Array(bytes).withUnsafeBufferPointer { appendEscaped(contiguous: $0, to: &result) }
        }
    }

    private static func appendEscaped(contiguous bytes: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
        var runStart = 0
        while let index = firstToEscape(in: bytes, from: runStart) {
            result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<index]))
            appendEscape(of: bytes[index], to: &result)
            runStart = index + 1
        }
        result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart...]))
    }

    /// Looks at eight bytes at a time, since hardly ever is there one to be escaped.
    private static func firstToEscape(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        let raw = UnsafeRawBufferPointer(bytes)
        while index + 8 <= raw.count, !mayNeedEscape(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
            index += 8
        }
        while index < bytes.count {
            if needsEscape(bytes[index]) { return index }
            index += 1
        }
        return nil
    }

    /// Whether one of eight bytes is a quote, a backslash or below a blank; now and then also where none is.
    private static func mayNeedEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        // The highest bit of each byte that is smaller than what is subtracted: of zero bytes, and of those below a blank.
        let found =
            ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | ((word &- ones &* 0x20) & ~word)
        return found & (ones &* 0x80) != 0
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func appendEscape(of byte: UInt8, to result: inout [UInt8]) {
        result.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): result.append(byte)
        case 0x08: result.append(UInt8(ascii: "b"))
        case 0x0C: result.append(UInt8(ascii: "f"))
        case UInt8(ascii: "\n"): result.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): result.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): result.append(UInt8(ascii: "t"))
        default:
            let lowDigit = byte & 0x0F
            result.append(contentsOf: "u00".utf8)
            result.append(UInt8(ascii: "0") + byte >> 4)
            result.append(lowDigit < 10 ? UInt8(ascii: "0") + lowDigit : UInt8(ascii: "a") + lowDigit - 10)
        }
    }
}
