import MartletJSON

/// Base64 with padding and the standard alphabet (RFC 4648, section 4), over bytes.
enum Base64 {
    /// Whether this is base64 as CloudEvents' `data_base64` wants it: padded, nothing but the alphabet.
    static func isValid(_ text: Bytes) -> Bool {
        guard text.count % 4 == 0 else { return false }
        let padding = text.reversed().prefix(2).prefix { $0 == pad }.count
        return text.dropLast(padding).allSatisfy { value($0) != nil }
    }

    /// The bytes that a text stands for, the reverse solidus of JSON's `\/` disregarded; `nil` where it is no base64.
    static func decode(_ text: Bytes) -> [UInt8]? {
        let text = text.contains(0x5C) ? text.filter { $0 != 0x5C }[...] : text
        guard isValid(text) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var buffer: UInt32 = 0
        var bits = 0
        for character in text {
            guard let sextet = value(character) else { break }
            buffer = buffer << 6 | UInt32(sextet)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bytes
    }

    /// The text of these bytes.
    static func encode(_ bytes: Bytes) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let count = min(3, bytes.endIndex - index)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[index + offset]) : 0) }
            for place in 0..<4 {
                text.append(place <= count ? alphabet[Int(group >> UInt32(18 - 6 * place) & 0x3F)] : pad)
            }
            index += count
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let pad: UInt8 = 0x3D
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x61 + 26
        case 0x30...0x39: character - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
