import MartletJSON

/// Cuts an input into the parts that a target wants, so that seeds stay readable: lines first, the rest last.
struct FuzzInput {
    private(set) var rest: Bytes

    init(_ bytes: Bytes) { rest = bytes }

    /// The bytes up to the next line feed, which is passed over.
    mutating func line() -> Bytes {
        let line = rest.prefix { $0 != 0x0A }
        rest = rest[line.endIndex...].dropFirst()
        return line
    }

    /// The next line as text; what is not UTF-8 is replaced.
    mutating func text() -> String { String(decoding: line(), as: UTF8.self) }

    /// The next byte; zero at the end.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// Everything that is left, as text.
    var restAsText: String { String(decoding: rest, as: UTF8.self) }
}
