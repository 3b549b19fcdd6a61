/// The text between the quotes of a JSON string, escaped and unescaped.
public enum JSONText {
    /// Escapes UTF-8 bytes for a place between two quotes.
    public static func escaped(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        appendEscaped(bytes, to: &result)
        return result
    }

    /// Undoes the escapes of a string's content; nil when one of them is malformed.
    ///
    /// An escape of half a surrogate pair becomes U+FFFD, as Unicode text has no way to hold it.
    public static func unescape(_ content: Bytes) -> [UInt8]? {
        var isWellFormed = true
        // No escape is shorter than what it stands for: JSON within a string is mostly escapes, and appending each of
        // its pieces costs several times as much.
        let result = content.withUnsafeBufferPointer { text in
            [UInt8](unsafeUninitializedCapacity: text.count) { result, count in
                isWellFormed = unescape(text, to: result, &count)
            }
        }
        return isWellFormed ? result : nil
    }

    private static func unescape(
        _ text: UnsafeBufferPointer<UInt8>,
        to result: UnsafeMutableBufferPointer<UInt8>,
        _ count: inout Int
    ) -> Bool {
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                result[count] = byte
                count += 1
                continue
            }
            guard index < text.count else { return false }
            let kind = text[index]
            index += 1
            if kind == UInt8(ascii: "u") {
                var rest = Slice(base: text, bounds: index..<text.count)
                guard let scalar = popScalar(from: &rest) else { return false }
                index = rest.startIndex
                for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    result[count] = unit
                    count += 1
                }
            } else {
                guard let plain = Self.byte(ofEscape: kind) else { return false }
                result[count] = plain
                count += 1
            }
        }
        return true
    }

    private static func byte(ofEscape kind: UInt8) -> UInt8? {
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): kind
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "r"): UInt8(ascii: "\r")
        case UInt8(ascii: "t"): UInt8(ascii: "\t")
        default: nil
        }
    }

    /// Takes the digits after `\u`, and a second escape where the first one is the high half of a pair.
    private static func popScalar(from rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Unicode.Scalar? {
        guard let first = popCodeUnit(from: &rest) else { return nil }
        if let scalar = Unicode.Scalar(first) { return scalar }
        var ahead = rest
        if UTF16.isLeadSurrogate(first), ahead.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
            ahead = ahead.dropFirst(2)
            if let second = popCodeUnit(from: &ahead), UTF16.isTrailSurrogate(second) {
                rest = ahead
                return UTF16.decode(UTF16.EncodedScalar([first, second]))
            }
        }
        return "\u{FFFD}"
    }

    private static func popCodeUnit(from rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt16? {
        guard rest.count >= 4 else { return nil }
        var unit: UInt16 = 0
        for byte in rest.prefix(4) {
            guard let digit = hexadecimalDigit(byte) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        rest = rest.dropFirst(4)
        return unit
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
