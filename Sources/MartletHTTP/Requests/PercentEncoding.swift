/// Percent-encoding of paths and queries (RFC 3986).
enum PercentEncoding {
    /// The text of a path segment; `nil` where it is not well encoded or no UTF-8.
    static func decode(_ text: some StringProtocol) -> String? { decode(text, plus: UInt8(ascii: "+")) }

    /// The text of a name or value of a query, in which a plus stands for a blank.
    static func decodeForm(_ text: some StringProtocol) -> String? { decode(text, plus: UInt8(ascii: " ")) }

    private static func decode(_ text: some StringProtocol, plus: UInt8) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(plus)
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
