/// Cuts the bytes of a Java `.properties` file into logical lines: comments and empty lines left out, continued lines
/// joined.
struct LogicalLineReader {
    struct Line {
        /// Without blanks in front; escapes are still in it.
        var bytes: [UInt8]
        /// The number of its first natural line, counted from 1.
        var number: Int
    }

    private let bytes: [UInt8]
    private var index = 0
    private var number = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The next line that holds an entry; `nil` at the end.
    mutating func next() -> Line? {
        while let first = naturalLine() {
            guard let mark = first.first, mark != UInt8(ascii: "#"), mark != UInt8(ascii: "!") else { continue }
            var line = Line(bytes: Array(first), number: number)
            while line.isContinued {
                line.bytes.removeLast()
                // An empty line ends a continuation too, and a comment's mark is none here.
                guard let more = naturalLine() else { break }
                line.bytes += more
            }
            return line
        }
        return nil
    }

    /// One line as it stands in the file, without the blanks in front and the end; `nil` at the end of the file.
    private mutating func naturalLine() -> ArraySlice<UInt8>? {
        guard index < bytes.count else { return nil }
        number += 1
        let end = bytes[index...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
        let line = bytes[index..<end].drop(while: \.isPropertiesBlank)
        index = end + 1
        if end + 1 < bytes.count, bytes[end] == 0x0D, bytes[end + 1] == 0x0A { index += 1 }
        return line
    }
}

extension LogicalLineReader.Line {
    /// Whether it ends in a backslash that no other one escapes.
    fileprivate var isContinued: Bool { !bytes.reversed().prefix { $0 == UInt8(ascii: "\\") }.count.isMultiple(of: 2) }
}
