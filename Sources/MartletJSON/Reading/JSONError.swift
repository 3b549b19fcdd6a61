/// Why a text could not be read as JSON, and where.
public struct JSONError: Error, Sendable, Equatable {
    /// What kind of mistake it is; new ones may be added.
    public struct Code: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
        /// The code's stable name, in lower case with hyphens.
        public let rawValue: String

        /// A code of this name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// Nothing but white space.
        public static let empty = Code(rawValue: "empty")
        /// The text ends inside of a value.
        public static let unexpectedEnd = Code(rawValue: "unexpected-end")
        /// A value, key, colon, comma or bracket is missing.
        public static let syntax = Code(rawValue: "syntax")
        /// Something follows the value.
        public static let trailingContent = Code(rawValue: "trailing-content")
        /// Digits, points or exponents where JSON has none: `01`, `1.`, `-a`.
        public static let invalidNumber = Code(rawValue: "invalid-number")
        /// An unknown escape or an unescaped control character.
        public static let invalidString = Code(rawValue: "invalid-string")
        /// Bytes in a string that are not UTF-8.
        public static let invalidEncoding = Code(rawValue: "invalid-encoding")
        /// Containers nested deeper than 256.
        public static let tooDeep = Code(rawValue: "too-deep")
        /// More than 4 GiB, or more than there is memory for.
        public static let tooLarge = Code(rawValue: "too-large")
        /// The parser refused a text that the grammar allows.
        public static let unsupported = Code(rawValue: "unsupported")

        /// The code's name.
        public var description: String { rawValue }
    }

    /// What kind of mistake it is.
    public let code: Code
    /// The byte at which the mistake is, counted from 0 at the start of the document.
    public let offset: Int
    /// Counted from 1; lines end with a line feed.
    public let line: Int
    /// Counted from 1, in Unicode scalars.
    public let column: Int
    /// A sentence for people, without its place.
    public let reason: String

    /// Finds the line and column of an offset in `bytes`.
    public init(code: Code, offset: Int, in bytes: Bytes, reason: String) {
        self.code = code
        self.offset = offset
        self.reason = reason
        let before = bytes.prefix(offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? before.startIndex
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    }
}

extension JSONError: CustomStringConvertible {
    /// The place and the reason: `line 3, column 14: a colon is expected here`.
    public var description: String { "line \(line), column \(column): \(reason)" }
}
