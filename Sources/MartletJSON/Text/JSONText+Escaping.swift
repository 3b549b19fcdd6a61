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
        for index in bytes.indices where needsEscape(bytes[index]) {
            result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<index]))
            appendEscape(of: bytes[index], to: &result)
            runStart = index + 1
        }
        result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart...]))
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
