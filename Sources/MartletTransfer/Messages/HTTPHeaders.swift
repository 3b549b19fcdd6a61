/// The fields of an answer's head, kept as they came and looked up without regard to case.
///
/// Texts are made when they are asked for: most answers to a webhook are never looked into.
package struct HTTPHeaders: Sendable, Hashable {
    /// The lines after the status line, each with its line break.
    private(set) var lines: [UInt8] = []

    /// The value of the first field of this name, without surrounding blanks; nil where there is none.
    package subscript(name: String) -> String? {
        first { $0.isNamed(name) }?.value
    }

    /// The values of all fields of this name, in order.
    package func values(named name: String) -> [String] {
        filter { $0.isNamed(name) }.map(\.value)
    }

    mutating func append(line: UnsafeRawBufferPointer) {
        lines.append(contentsOf: line)
    }

    mutating func removeAll() {
        lines.removeAll(keepingCapacity: true)
    }
}

extension HTTPHeaders: Sequence {
    /// One field.
    package struct Field: Sendable {
        private let nameBytes: ArraySlice<UInt8>
        private let valueBytes: ArraySlice<UInt8>

        /// The field in a line; nil where the line has no colon.
        fileprivate init?(line: ArraySlice<UInt8>) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            nameBytes = line[..<colon]
            let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0d }
            let value = line[line.index(after: colon)...].drop(while: isBlank)
            valueBytes = value[..<(value.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? value.startIndex)]
        }

        /// The name as the server wrote it.
        package var name: String { String(decoding: nameBytes, as: UTF8.self) }
        /// The value without surrounding blanks.
        package var value: String { String(decoding: valueBytes, as: UTF8.self) }

        fileprivate func isNamed(_ name: String) -> Bool { nameBytes.equalsIgnoringCase(name.utf8) }
    }

    /// Walks the fields in the order in which they came.
    package struct Iterator: IteratorProtocol {
        fileprivate var rest: ArraySlice<UInt8>

        package mutating func next() -> Field? {
            while !rest.isEmpty {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
                let line = rest[..<end]
                rest = rest[end...].dropFirst()
                if let field = Field(line: line) { return field }
            }
            return nil
        }
    }

    package func makeIterator() -> Iterator { Iterator(rest: lines[...]) }
}
