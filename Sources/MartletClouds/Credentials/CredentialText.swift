import MartletJSON

/// Finds the values of credentials in text: `name=value` as in a URL's query, `"name": "value"` as in JSON that is cut
/// off or nested too deep to be read, and the password in a URL itself.
enum CredentialText {
    /// The values' places, from the start of the text; the names stay.
    static func ranges(in text: Bytes) -> [Range<Int>] {
        var scanner = TextScanner(text: Array(text))
        return scanner.values()
    }
}

private struct TextScanner {
    let text: [UInt8]
    private var position = 0

    init(text: [UInt8]) { self.text = text }

    mutating func values() -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        while position < text.count {
            let mark = position
            position += 1
            if text[mark] == UInt8(ascii: ":"), let address = AddressPassword.ranges(after: mark, in: text) {
                ranges += address.passwords
                position = address.end
                continue
            }
            guard let end = endOfName(before: mark),
                text.withUnsafeBufferPointer({ CredentialNames.isName(endingBefore: end, in: $0) })
            else { continue }
            let range = value(after: mark)
            if !range.isEmpty { ranges.append(range) }
            position = max(position, range.upperBound)
        }
        return ranges
    }

    /// Where the name ends that stands before an equals sign, or in quotes before a colon.
    private func endOfName(before mark: Int) -> Int? {
        switch text[mark] {
        case UInt8(ascii: "="): return mark
        case UInt8(ascii: ":"):
            var end = mark
            while end > 0, isBlank(text[end - 1]) { end -= 1 }
            guard end > 0, isQuote(text[end - 1]) else { return nil }
            end -= 1
            while end > 0, text[end - 1] == UInt8(ascii: "\\") { end -= 1 }
            return end
        default: return nil
        }
    }

    private func value(after mark: Int) -> Range<Int> {
        var start = mark + 1
        while text[mark] == UInt8(ascii: ":"), start < text.count, isBlank(text[start]) { start += 1 }
        var opening = start
        while opening < text.count, text[opening] == UInt8(ascii: "\\") { opening += 1 }
        guard opening < text.count else { return start..<start }
        if isQuote(text[opening]) {
            // The same number of backslashes stands before both quotes.
            let closing = text[start...opening]
            var end = opening + 1
            while end < text.count, !isClosing(closing, at: end) { end += 1 }
            return start..<min(text.count, end + closing.count)
        }
        if text[start] == UInt8(ascii: "{") || text[start] == UInt8(ascii: "[") { return start..<text.count }
        let end = endOfWord(from: start)
        let scheme = String(decoding: text[start..<end], as: UTF8.self).lowercased()
        guard scheme == "bearer" || scheme == "basic", end < text.count else { return start..<end }
        return start..<endOfWord(from: end + 1)
    }

    private func isClosing(_ closing: ArraySlice<UInt8>, at index: Int) -> Bool {
        text[index...].starts(with: closing) && text[index - 1] != UInt8(ascii: "\\")
    }

    private func endOfWord(from start: Int) -> Int {
        text[min(start, text.count)...].firstIndex { isBlank($0) || TextScanner.delimiters.contains($0) } ?? text.count
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

    private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private static let delimiters: [UInt8] = Array("&,;\"'\\)]}<>|".utf8)
}
