/// The entries of a Java `.properties` file, in the order in which their names first appear.
///
/// Read as `java.util.Properties.load(InputStream)` reads: ISO 8859-1; comments begin with `#` or `!`; a name ends at
/// `=`, `:` or a blank; a backslash at the end continues the line; `\uXXXX`, `\t`, `\n`, `\r`, `\f`, and a backslash
/// before anything else stands for that.
struct JavaProperties: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var name: String
        var value: String
        /// The first line of the entry, counted from 1.
        var line: Int
    }

    /// A `\u` without four hexadecimal digits behind it.
    struct Malformed: Error, Hashable {
        var line: Int
    }

    private(set) var entries: [Entry] = []
    /// Names that appear more than once; the last value counts, as in Java.
    private(set) var repeatedNames: [String] = []

    init(_ bytes: some Sequence<UInt8>) throws(Malformed) {
        var reader = LogicalLineReader(bytes: Array(bytes))
        while let line = reader.next() {
            let entry = try Self.entry(line)
            if let known = entries.firstIndex(where: { $0.name == entry.name }) {
                entries[known] = entry
                if !repeatedNames.contains(entry.name) { repeatedNames.append(entry.name) }
            } else {
                entries.append(entry)
            }
        }
    }

    /// The value of a name; `nil` where it does not appear.
    func value(_ name: String) -> String? { entries.first { $0.name == name }?.value }

    private static func entry(_ line: LogicalLineReader.Line) throws(Malformed) -> Entry {
        let bytes = line.bytes
        var end = 0
        while end < bytes.count, !isSeparator(bytes[end]) {
            // A separator behind a backslash belongs to the name.
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        end = min(end, bytes.count)
        var start = end
        var hasSign = false
        while start < bytes.count {
            if bytes[start].isPropertiesBlank {
                start += 1
            } else if !hasSign, bytes[start] == UInt8(ascii: "=") || bytes[start] == UInt8(ascii: ":") {
                hasSign = true
                start += 1
            } else {
                break
            }
        }
        return Entry(
            name: try unescaped(bytes[..<end], line.number),
            value: try unescaped(bytes[start...], line.number),
            line: line.number
        )
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") || byte.isPropertiesBlank
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>, _ line: Int) throws(Malformed) -> String {
        // UTF-16, because `\uXXXX` names its units, and a pair of them may be one character.
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                units.append(UInt16(byte))
                continue
            }
            guard let escaped = rest.popFirst() else { break }
            switch escaped {
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "u"):
                let digits = rest.prefix(4).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
                guard digits.count == 4 else { throw Malformed(line: line) }
                units.append(digits.reduce(0) { $0 << 4 | UInt16($1) })
                rest = rest.dropFirst(4)
            default: units.append(UInt16(escaped))
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}

extension UInt8 {
    /// A blank, a tab or a form feed.
    var isPropertiesBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0C }
}
