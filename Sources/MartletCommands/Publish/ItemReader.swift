import MartletJSON

/// One event of the input.
struct PublishItem: Hashable {
    var bytes: ArraySlice<UInt8>
    /// Where it begins in the input, counted from 1.
    var line: Int
}

/// Cuts an input into its events without holding more of it than one batch.
struct ItemReader {
    /// How the input is written.
    enum Shape: Hashable {
        /// A value on each line. A line that is none is still an item: the server keeps it in its quarantine.
        case lines
        /// The elements of one array.
        case array
        /// One text that goes to the server as it is.
        case document
    }

    /// What the server takes in one request (`limits.body` of its configuration), if nobody changed it.
    static let largestItem = 16 << 20

    let shape: Shape
    private(set) var buffer: InputBuffer
    private var isDone = false
    /// No element has been read yet.
    private var isFirst = true

    /// Looks at the beginning of the input.
    ///
    /// - Parameter isOneEvent: the input is a single event, however it is written.
    init(read: @escaping InputBuffer.Read, isOneEvent: Bool = false) throws {
        buffer = InputBuffer(read: read)
        guard try buffer.skipBlanks() else { throw CommandFailure("There is nothing to publish: the input is empty.") }
        if isOneEvent {
            shape = .document
        } else if buffer.bytes.first == UInt8(ascii: "[") {
            shape = .array
            _ = buffer.take(upTo: buffer.bytes.startIndex + 1)
        } else {
            shape = try Self.hasLines(&buffer) ? .lines : .document
        }
    }

    /// The next item, nil at the end.
    mutating func next() throws -> PublishItem? {
        guard !isDone, try buffer.skipBlanks() else {
            if shape == .array, !isDone { throw damaged("the array has no end") }
            return nil
        }
        switch shape {
        case .lines: return try nextLine()
        case .array: return try nextElement()
        case .document:
            isDone = true
            while try buffer.fill() { try checkSize() }
            let line = buffer.line
            return PublishItem(bytes: buffer.take(upTo: buffer.bytes.endIndex), line: line)
        }
    }

    /// Whether at least half of the whole lines at the beginning are JSON objects, as the server decides too.
    private static func hasLines(_ buffer: inout InputBuffer) throws -> Bool {
        while !buffer.bytes.contains(0x0a), buffer.bytes.count <= largestItem, try buffer.fill() {}
        guard let end = buffer.bytes.lastIndex(of: 0x0a) else { return false }
        let lines = JSONLines.split(buffer.bytes[..<end]).prefix(100)
        let objects = lines.count { (try? JSONDocument(parsing: $0))?.root.kind == .object }
        return objects * 2 >= lines.count
    }

    private mutating func nextLine() throws -> PublishItem {
        let line = buffer.line
        while true {
            if let end = buffer.bytes.firstIndex(of: 0x0a) {
                return PublishItem(bytes: buffer.take(upTo: end).withoutBlanksAtEnd, line: line)
            }
            try checkSize()
            if try !buffer.fill() {
                return PublishItem(bytes: buffer.take(upTo: buffer.bytes.endIndex).withoutBlanksAtEnd, line: line)
            }
        }
    }

    private mutating func nextElement() throws -> PublishItem? {
        let line = buffer.line
        var scan = ElementScan()
        var offset = 0
        while true {
            let start = buffer.bytes.startIndex
            while start + offset < buffer.bytes.endIndex {
                if let end = scan.read(buffer.bytes[start + offset]) {
                    let element = buffer.take(upTo: start + offset).withoutBlanksAtEnd
                    _ = buffer.take(upTo: buffer.bytes.startIndex + 1)
                    return try finish(element, line: line, end: end)
                }
                offset += 1
            }
            try checkSize()
            if try !buffer.fill() { throw damaged("the array has no end") }
        }
    }

    private mutating func finish(
        _ element: ArraySlice<UInt8>,
        line: Int,
        end: ElementScan.End
    ) throws -> PublishItem? {
        if end == .array {
            isDone = true
            if try buffer.skipBlanks() { throw damaged("something follows the array") }
            if element.isEmpty, isFirst { return nil }
        }
        isFirst = false
        // At the beginning of a text it is passed over; within an array it makes the whole unreadable.
        if element.hasPrefix([0xEF, 0xBB, 0xBF]) { throw damaged("a byte order mark stands before an event") }
        do {
            _ = try JSONDocument(parsing: element)
        } catch {
            let place = error.line == 1 ? "" : " (line \(error.line) of the event)"
            throw CommandFailure("line \(line + error.line - 1): \(error.reason)\(place)")
        }
        return PublishItem(bytes: element, line: line)
    }

    private func checkSize() throws {
        if buffer.bytes.count > Self.largestItem {
            throw damaged("the event is larger than the \(Measures.size(Self.largestItem)) that a server takes")
        }
    }

    private func damaged(_ reason: String) -> CommandFailure { CommandFailure("line \(buffer.line): \(reason)") }
}

/// Finds the end of an array's element, byte by byte.
private struct ElementScan {
    enum End { case element, array }

    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// Takes a byte; what ends with it, where something does.
    mutating func read(_ byte: UInt8) -> End? {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return nil
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "]") where depth == 0: return .array
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: ",") where depth == 0: return .element
        default: break
        }
        return nil
    }
}

extension ArraySlice<UInt8> {
    fileprivate var withoutBlanksAtEnd: ArraySlice<UInt8> {
        self[..<(lastIndex { !$0.isBlank }.map { $0 + 1 } ?? startIndex)]
    }
}
