import MartletJSON

/// Tells in one pass over the bytes whether a search for credentials is worth while.
///
/// It never misses one that the search would find, and may be wrong the other way. A credential's name stands before a `:`
/// (as a quoted key, the quote escaped where the JSON is nested) or before a `=` (which Gson writes `\u003d`), an address
/// has a `:` before its slashes, so only these and the backslash are looked at.
enum CredentialScan {
    static func mayHoldCredentials(_ bytes: Bytes) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            // Sixteen bytes at a time: most of them are none of the three.
            while index + 16 <= buffer.count {
                let block = UnsafeRawBufferPointer(buffer).loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
                let marks = (block .== colon) .| (block .== equals) .| (block .== backslash)
                // A byte of ones for each of the three, the first byte lowest.
                let halves = unsafeBitCast(marks, to: SIMD2<UInt64>.self)
                if halves[0] != 0, hasCandidate(halves[0], at: index, in: buffer) { return true }
                if halves[1] != 0, hasCandidate(halves[1], at: index + 8, in: buffer) { return true }
                index += 16
            }
            return (index..<buffer.count).contains { isCandidate(at: $0, in: buffer) }
        }
    }

    private static func hasCandidate(
        _ marks: UInt64,
        at start: Int,
        in buffer: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        var rest = UInt64(littleEndian: marks)
        while rest != 0 {
            let offset = rest.trailingZeroBitCount / 8
            if isCandidate(at: start + offset, in: buffer) { return true }
            rest &= ~(0xFF << UInt64(offset * 8))
        }
        return false
    }

    private static let colon = SIMD16<UInt8>(repeating: UInt8(ascii: ":"))
    private static let equals = SIMD16<UInt8>(repeating: UInt8(ascii: "="))
    private static let backslash = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))

    private static func isCandidate(at index: Int, in buffer: UnsafeBufferPointer<UInt8>) -> Bool {
        switch buffer[index] {
        case UInt8(ascii: ":"):
            if AddressPassword.mayFollow(index, in: buffer) { return true }
            guard let end = endOfQuotedName(before: index, in: buffer) else { return false }
            return CredentialNames.isName(endingBefore: end, in: buffer)
        case UInt8(ascii: "="): return CredentialNames.isName(endingBefore: index, in: buffer)
        case UInt8(ascii: "\\"): return isEscapedCandidate(at: index, in: buffer)
        default: return false
        }
    }

    /// An escape of an ASCII character, which may be a part of a name or an equals sign.
    private static func isEscapedCandidate(at index: Int, in buffer: UnsafeBufferPointer<UInt8>) -> Bool {
        guard index + 5 < buffer.count, buffer[index + 1] == UInt8(ascii: "u"), buffer[index + 2] == UInt8(ascii: "0"),
            buffer[index + 3] == UInt8(ascii: "0"), ("2"..."7").contains(Unicode.Scalar(buffer[index + 4]))
        else { return false }
        switch (buffer[index + 4], buffer[index + 5] | 0x20) {
        case (UInt8(ascii: "3"), UInt8(ascii: "d")):
            var end = index
            while end > 0, buffer[end - 1] == UInt8(ascii: "\\") { end -= 1 }
            return CredentialNames.isName(endingBefore: end, in: buffer)
        // What Gson escapes besides: < > & '
        case (UInt8(ascii: "3"), UInt8(ascii: "c")), (UInt8(ascii: "3"), UInt8(ascii: "e")),
            (UInt8(ascii: "2"), UInt8(ascii: "6") | 0x20), (UInt8(ascii: "2"), UInt8(ascii: "7") | 0x20):
            return false
        default: return true
        }
    }

    /// Where the name ends whose closing quote stands before the colon, white space and escapes of both passed over.
    private static func endOfQuotedName(before colon: Int, in buffer: UnsafeBufferPointer<UInt8>) -> Int? {
        var end = colon
        var isQuoted = false
        while end > 0 {
            switch buffer[end - 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): isQuoted = true
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"), UInt8(ascii: "\\"):
                break
            case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                // The letter of an escaped line end, or the last one of a name.
                guard !isQuoted, end > 1, buffer[end - 2] == UInt8(ascii: "\\") else { return isQuoted ? end : nil }
            default: return isQuoted ? end : nil
            }
            end -= 1
        }
        return nil
    }
}
