import MartletPipeline

/// Rows of cells as spreadsheets write them (RFC 4180): pure.
///
/// Cells are parted by comma, semicolon or tab, whichever ends the first one. A cell in quotes may hold separators, line breaks, and quotes written twice. Lines end with a line feed, with or without a carriage return.
struct DelimitedText {
    /// One row, and the line that it begins on, counted from 1.
    struct Row: Equatable {
        var line: Int
        var cells: [String]
    }

    /// Why a text is no such table.
    struct Failure: Error, Equatable {
        var line: Int
        var reason: String
    }

    let rows: [Row]

    init(_ bytes: some Collection<UInt8>) throws(Failure) {
        var reader = Reader(bytes)
        try reader.read()
        rows = reader.rows
    }

    private struct Reader {
        private let bytes: [UInt8]
        private let separator: UInt8
        private var index = 0
        private var line = 1
        private var row = Row(line: 1, cells: [])
        private(set) var rows: [Row] = []

        init(_ bytes: some Collection<UInt8>) {
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            self.bytes = Array(bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...])
            separator = Self.separator(of: self.bytes)
        }

        /// What ends the first cell; one in quotes may hold separators itself.
        private static func separator(of bytes: [UInt8]) -> UInt8 {
            let quote = UInt8(ascii: "\"")
            var isQuoted = false
            let end = bytes.first { byte in
                if byte == quote, bytes.first == quote { isQuoted.toggle() }
                return !isQuoted && Array(",;\t\n".utf8).contains(byte)
            }
            guard let end, end != UInt8(ascii: "\n") else { return UInt8(ascii: ",") }
            return end
        }

        mutating func read() throws(Failure) {
            while index < bytes.count {
                let cell = bytes[index] == UInt8(ascii: "\"") ? try quotedCell() : bareCell()
                guard let text = String(validating: cell, as: UTF8.self) else {
                    throw Failure(line: line, reason: "is not UTF-8")
                }
                row.cells.append(text)
                try endCell()
            }
            // The last line needs no end; behind a separator stands one more cell.
            if !row.cells.isEmpty { endRow(isOpen: bytes.last == separator) }
        }

        private mutating func bareCell() -> [UInt8] {
            let start = index
            while index < bytes.count, bytes[index] != separator, bytes[index] != UInt8(ascii: "\n") { index += 1 }
            var cell = bytes[start..<index]
            if cell.last == UInt8(ascii: "\r") { cell.removeLast() }
            return Array(cell)
        }

        private mutating func quotedCell() throws(Failure) -> [UInt8] {
            let opening = line
            var cell: [UInt8] = []
            index += 1
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: "\"") {
                    guard index < bytes.count, bytes[index] == byte else { return cell }
                    index += 1
                }
                if byte == UInt8(ascii: "\n") { line += 1 }
                cell.append(byte)
            }
            throw Failure(line: opening, reason: "has a quotation mark that is never closed")
        }

        private mutating func endCell() throws(Failure) {
            if index < bytes.count, bytes[index] == UInt8(ascii: "\r") { index += 1 }
            guard index < bytes.count else { return }
            let byte = bytes[index]
            guard byte == separator || byte == UInt8(ascii: "\n") else {
                throw Failure(line: line, reason: "has something behind a closing quotation mark")
            }
            index += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                endRow(isOpen: false)
            }
        }

        private mutating func endRow(isOpen: Bool) {
            if isOpen { row.cells.append("") }
            // An empty line is no row.
            if row.cells != [""] { rows.append(row) }
            row = Row(line: line, cells: [])
        }
    }
}
