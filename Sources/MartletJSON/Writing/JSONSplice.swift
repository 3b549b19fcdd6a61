/// Changes to a JSON text that leave every other byte as it was.
public enum JSONSplice {
    /// A change at one place; offsets are counted from 0 at the start of the text.
    public enum Edit: Sendable, Equatable {
        /// Takes out a member or an element, with the comma that it no longer needs.
        case remove(Range<Int>)
        /// Puts other text in the place of this; an empty range inserts.
        case replace(Range<Int>, with: [UInt8])

        /// What is taken out or replaced.
        public var range: Range<Int> {
            switch self {
            case .remove(let range), .replace(let range, with: _): range
            }
        }
    }

    /// A copy of a text without these members and elements.
    public static func removing(_ ranges: [Range<Int>], from bytes: Bytes) -> [UInt8] {
        applying(ranges.map { .remove($0) }, to: bytes)
    }

    /// A copy of a text with other bytes in the place of one range.
    public static func replacing(_ range: Range<Int>, in bytes: Bytes, with replacement: [UInt8]) -> [UInt8] {
        applying([.replace(range, with: replacement)], to: bytes)
    }

    /// A copy of a text with all edits made.
    ///
    /// The edits are in the order of the text. One that begins inside of an earlier one is passed over: what it
    /// would change is gone. Ranges to remove are those of ``JSONMember/range`` or of elements, never the root's.
    public static func applying(_ edits: [Edit], to bytes: Bytes) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = bytes.startIndex
        var editedUpTo = bytes.startIndex
        for edit in edits {
            let start = bytes.startIndex + edit.range.lowerBound
            let end = bytes.startIndex + edit.range.upperBound
            guard start >= editedUpTo else { continue }
            if position < start { result.append(contentsOf: bytes[position..<start]) }
            editedUpTo = end
            switch edit {
            case .replace(_, with: let replacement):
                result.append(contentsOf: replacement)
                position = max(position, end)
            case .remove:
                position = removeComma(after: end, in: bytes, or: &result)
            }
        }
        result.append(contentsOf: bytes[position...])
        return result
    }

    /// Passes over the comma after a removed part; where there is none, takes back the one before it.
    ///
    /// Returns where the text goes on.
    private static func removeComma(after end: Int, in bytes: Bytes, or result: inout [UInt8]) -> Int {
        let rest = bytes[end...].drop(while: isWhiteSpace)
        if rest.first == UInt8(ascii: ",") {
            return rest.dropFirst().drop(while: isWhiteSpace).startIndex
        }
        if let last = result.lastIndex(where: { !isWhiteSpace($0) }), result[last] == UInt8(ascii: ",") {
            result.removeSubrange(last...)
        }
        return end
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\t")
    }
}
