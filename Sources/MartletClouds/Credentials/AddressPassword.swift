/// Finds passwords in addresses, `https://user:password@host/`: each host of a list may have one, as in oslo's `transport_url`.
enum AddressPassword {
    /// Whether there may be one behind this colon. Escapes of JSON may still stand in the text.
    static func mayFollow(_ colon: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = colon + 1
        for _ in 0..<2 {
            if index < text.count, text[index] == UInt8(ascii: "\\") { index += 1 }
            guard index < text.count, text[index] == UInt8(ascii: "/") else { return false }
            index += 1
        }
        while index < text.count, !isEnd(text[index]) {
            if text[index] == UInt8(ascii: "@") { return true }
            index += 1
        }
        // What an escape hides is looked at where it is none any more.
        return index < text.count && text[index] == UInt8(ascii: "\\")
    }

    /// The passwords behind this colon, and where the address's hosts end; `nil` where no address begins here.
    static func ranges(after colon: Int, in text: [UInt8]) -> (passwords: [Range<Int>], end: Int)? {
        let start = colon + 3
        guard start < text.count, text[colon + 1] == UInt8(ascii: "/"), text[colon + 2] == UInt8(ascii: "/") else {
            return nil
        }
        let end = text[start...].firstIndex(where: isEnd) ?? text.count
        var passwords: [Range<Int>] = []
        var user = start
        while let at = text[user..<end].firstIndex(of: UInt8(ascii: "@")) {
            // Of two the last one ends the password, unless another host comes between them.
            let comma = text[at..<end].firstIndex(of: UInt8(ascii: ",")) ?? end
            let last = text[user..<comma].lastIndex(of: UInt8(ascii: "@")) ?? at
            if let sign = text[user..<last].firstIndex(of: UInt8(ascii: ":")), sign + 1 < last {
                passwords.append(sign + 1..<last)
            }
            user = min(comma + 1, end)
        }
        return (passwords, end)
    }

    private static func isEnd(_ byte: UInt8) -> Bool { byte <= 0x20 || ends.contains(byte) }

    private static let ends: [UInt8] = Array("/?#\"'\\<>|)]}".utf8)
}
