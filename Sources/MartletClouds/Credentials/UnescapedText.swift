import MartletJSON

/// The text of a JSON string with the place that each of its bytes came from.
///
/// A part of the text can so be cut from the escaped string without writing the rest anew.
struct UnescapedText {
    private(set) var bytes: [UInt8] = []
    /// For each byte where its character begins in the escaped text, and at the end how long that is.
    private var origins: [Int] = []

    /// - Parameter content: what stands between the quotes, well formed.
    init(_ content: Bytes) {
        bytes.reserveCapacity(content.count)
        origins.reserveCapacity(content.count + 1)
        var rest = content
        while let first = rest.first {
            let offset = rest.startIndex - content.startIndex
            if first == UInt8(ascii: "\\") {
                let escape = rest.prefix(UnescapedText.lengthOfEscape(rest))
                let character = JSONText.unescape(escape) ?? []
                bytes += character
                origins += repeatElement(offset, count: character.count)
                rest = rest.dropFirst(escape.count)
            } else {
                bytes.append(first)
                origins.append(offset)
                rest = rest.dropFirst()
            }
        }
        origins.append(content.count)
    }

    /// Where a part of the text stands in the escaped text.
    func origin(of range: Range<Int>) -> Range<Int> { origins[range.lowerBound]..<origins[range.upperBound] }

    /// `\n` has two bytes, `\u0041` six, and two of these in a row are taken as the one character that a pair stands for.
    private static func lengthOfEscape(_ text: Bytes) -> Int {
        guard text.dropFirst().first == UInt8(ascii: "u") else { return 2 }
        let isHighSurrogate =
            text.dropFirst(2).first.map { $0 | 0x20 == UInt8(ascii: "d") } == true
            && text.dropFirst(3).first.map { [0x38, 0x39, 0x61, 0x62].contains($0 | 0x20) } == true
        guard isHighSurrogate, text.dropFirst(6).starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return 6 }
        // Half a pair followed by another character: each is unescaped by itself.
        let low = text.dropFirst(8).prefix(2).map { $0 | 0x20 }
        return low.count == 2 && low[0] == UInt8(ascii: "d") && (0x63...0x66).contains(low[1]) ? 12 : 6
    }
}
