/// Escapes of half a surrogate pair, `\ud800` without the other half.
///
/// JSON allows them, and Unicode does not. Zaqar answers a message that has one with 503, for ever: as if its storage were
/// away. They become `\ufffd`, as every reader shows them in any case.
enum HalfSurrogates {
    /// The JSON text without them.
    static func replaced(in json: [UInt8]) -> [UInt8] {
        let places = places(in: json)
        guard !places.isEmpty else { return json }
        var result = json
        for place in places { result.replaceSubrange(place..<place + 6, with: #"\ufffd"#.utf8) }
        return result
    }

    private static func places(in json: [UInt8]) -> [Int] {
        json.withUnsafeBufferPointer { text in
            var places: [Int] = []
            var index = 0
            while index < text.count {
                guard text[index] == UInt8(ascii: "\\") else {
                    index += 1
                    continue
                }
                guard let unit = unit(at: index, of: text) else {
                    // Another escape: its second character may be a backslash.
                    index += 2
                    continue
                }
                switch unit {
                case 0xD800...0xDBFF:
                    if let next = self.unit(at: index + 6, of: text), (0xDC00...0xDFFF).contains(next) {
                        index += 6
                    } else {
                        places.append(index)
                    }
                case 0xDC00...0xDFFF: places.append(index)
                default: break
                }
                index += 6
            }
            return places
        }
    }

    /// The code unit that is escaped here as `\uXXXX`; `nil` where that is something else.
    private static func unit(at index: Int, of text: UnsafeBufferPointer<UInt8>) -> UInt16? {
        guard index + 6 <= text.count, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return UInt16(String(decoding: text[index + 2..<index + 6], as: UTF8.self), radix: 16)
    }
}
