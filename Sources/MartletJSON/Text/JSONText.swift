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
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        var rest = content
        while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            result.append(contentsOf: rest[..<backslash])
            rest = rest[(backslash + 1)...]
            guard let kind = rest.popFirst() else { return nil }
            if kind == UInt8(ascii: "u") {
                guard let scalar = popScalar(from: &rest) else { return nil }
                result.append(contentsOf: scalar.utf8)
            } else {
                guard let byte = byte(ofEscape: kind) else { return nil }
                result.append(byte)
            }
        }
        result.append(contentsOf: rest)
        return result
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
    private static func popScalar(from rest: inout Bytes) -> Unicode.Scalar? {
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

    private static func popCodeUnit(from rest: inout Bytes) -> UInt16? {
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
