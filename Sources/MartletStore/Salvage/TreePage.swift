/// One page of a b-tree: its rows, and the pages below it.
///
/// Whatever does not fit is left out: a cell that points past the page costs itself.
struct TreePage {
    enum Kind: UInt8 {
        case indexInterior = 2
        case tableInterior = 5
        case indexLeaf = 10
        case tableLeaf = 13
    }

    /// A row in the page. Its record may go on in other pages.
    struct Cell {
        /// The number that the row is kept under; zero in an index.
        var rowid: Int64
        var payloadSize: Int
        var local: Range<Int>
        /// The first page that the record goes on in; zero where it is all here.
        var overflow: Int
    }

    let kind: Kind
    private let bytes: [UInt8]
    private let start: Int

    /// - Parameter number: counted from 1; the first page begins with the head of the file.
    init?(_ bytes: [UInt8], number: Int) {
        start = number == 1 ? 100 : 0
        guard let kind = Kind(rawValue: bytes[start]) else { return nil }
        self.kind = kind
        self.bytes = bytes
    }

    var isInterior: Bool { kind == .indexInterior || kind == .tableInterior }
    private var cellCount: Int { min(bytes.big16(start + 3), PageFile.pageSize / 4) }

    private var cellOffsets: [Int] {
        let first = start + (isInterior ? 12 : 8)
        return (0..<cellCount).map { bytes.big16(first + 2 * $0) }.filter { $0 >= first && $0 < bytes.count }
    }

    /// The pages below, in the order of their rows.
    var children: [Int] {
        guard isInterior else { return [] }
        return cellOffsets.map { bytes.big32($0) } + [bytes.big32(start + 8)]
    }

    /// The rows of the page itself, in order.
    var cells: [Cell] {
        guard kind != .tableInterior else { return [] }
        return cellOffsets.compactMap(cell(at:))
    }

    private func cell(at offset: Int) -> Cell? {
        var offset = kind == .indexInterior ? offset + 4 : offset
        guard let size = bytes.varint(offset), size.value < 1 << 31 else { return nil }
        offset = size.end
        var rowid: Int64 = 0
        if kind == .tableLeaf {
            guard let number = bytes.varint(offset) else { return nil }
            rowid = Int64(bitPattern: number.value)
            offset = number.end
        }
        let payloadSize = Int(size.value)
        let local = TreePage.localSize(of: payloadSize, isTable: kind == .tableLeaf)
        let overflows = local < payloadSize
        guard offset + local + (overflows ? 4 : 0) <= bytes.count else { return nil }
        return Cell(
            rowid: rowid,
            payloadSize: payloadSize,
            local: offset..<offset + local,
            overflow: overflows ? bytes.big32(offset + local) : 0
        )
    }

    /// The whole record of a cell; `nil` where a page of it is missing.
    ///
    /// - Parameter page: reads a page and remembers that it has been.
    func record(of cell: Cell, page: (Int) -> [UInt8]?) -> [UInt8]? {
        var record = Array(bytes[cell.local])
        var next = cell.overflow
        while record.count < cell.payloadSize {
            guard next != 0, let overflow = page(next) else { return nil }
            record += overflow[4..<min(overflow.count, 4 + cell.payloadSize - record.count)]
            next = overflow.big32(0)
        }
        return record
    }

    /// How much of a record is kept in the page itself.
    private static func localSize(of size: Int, isTable: Bool) -> Int {
        let usable = PageFile.pageSize
        let maximum = isTable ? usable - 35 : (usable - 12) * 64 / 255 - 23
        guard size > maximum else { return size }
        let minimum = (usable - 12) * 32 / 255 - 23
        let surplus = minimum + (size - minimum) % (usable - 4)
        return surplus <= maximum ? surplus : minimum
    }
}

/// A row as it was read from a page.
struct SalvagedRow {
    /// In a table with a number for each row, its number.
    var rowid: Int64
    /// The columns in the order of the table; the one that is the row's number is ``StoredValue/null`` here.
    var values: [StoredValue]

    /// - Returns: `nil` where the record is none.
    init?(rowid: Int64, record: [UInt8]) {
        self.rowid = rowid
        guard let head = record.varint(0), head.value <= UInt64(record.count) else { return nil }
        var (offset, body) = (head.end, Int(head.value))
        values = []
        while offset < Int(head.value) {
            guard let type = record.varint(offset), let value = SalvagedRow.value(type.value, record, &body) else {
                return nil
            }
            offset = type.end
            values.append(value)
        }
        guard body == record.count else { return nil }
    }

    private static func value(_ type: UInt64, _ record: [UInt8], _ offset: inout Int) -> StoredValue? {
        switch type {
        case 0: return .null
        case 8: return .integer(0)
        case 9: return .integer(1)
        case 1...6:
            let size = [1, 2, 3, 4, 6, 8][Int(type) - 1]
            guard offset + size <= record.count else { return nil }
            var value: Int64 = record[offset] >= 0x80 ? -1 : 0
            for byte in record[offset..<offset + size] { value = value << 8 | Int64(byte) }
            offset += size
            return .integer(value)
        case 7:
            guard offset + 8 <= record.count else { return nil }
            offset += 8
            return .real
        case 12...:
            let size = (type - 12) / 2
            guard size <= UInt64(record.count - offset) else { return nil }
            defer { offset += Int(size) }
            let bytes = Array(record[offset..<offset + Int(size)])
            return type % 2 == 1 ? .text(bytes) : .blob(bytes)
        default: return nil
        }
    }
}
