import GRDB
import MartletPipeline

/// What many events have in common, stored once under a number: their kinds and their publishers.
///
/// The writer's side. The table is bounded: a producer that makes ever new kinds fills it, and what finds no place in it is
/// written into the event's own row from then on, which costs bytes and nothing else.
struct FragmentTable {
    private var numbers: [Content: Int64] = [:]
    /// What the transaction under way has added.
    private var uncommitted: [Content] = []
    private var highest: Int64 = 0
    private let capacity: Int
    private let insertion: RawStatement
    private let copying: RawStatement

    init(_ database: Database, capacity: Int) throws {
        self.capacity = capacity
        insertion = try RawStatement(
            keeping: "INSERT INTO fragments(id, content, crc) VALUES(?, ?, ?)",
            on: database
        )
        copying = try RawStatement(
            keeping: "INSERT OR REPLACE INTO fragment_copies(id, content, crc) VALUES(?, ?, ?)",
            on: database
        )
        try RawStatement(database, "SELECT content, id, crc FROM fragments").forEach { row in
            let (content, number) = (row.bytes(0), row.integer(1))
            highest = max(highest, number)
            // A damaged one must not be given to an event: readers go by its copy.
            if FragmentTable.checksum(number, content) == row.integer(2) {
                numbers[Content(bytes: [UInt8](content))] = number
            }
            return true
        }
    }

    /// The number of this content; `nil` where there is no place for it.
    mutating func number(of bytes: [UInt8]) throws -> Int64? {
        let content = Content(bytes: bytes)
        if let number = numbers[content] { return number }
        guard numbers.count < capacity else { return nil }
        let number = highest + 1
        for statement in [insertion, copying] {
            statement.bind(1, number)
            statement.bind(2, bytes[...])
            statement.bind(3, bytes.withUnsafeBytes { FragmentTable.checksum(number, $0) })
            try statement.run()
        }
        numbers[content] = number
        highest = number
        uncommitted.append(content)
        return number
    }

    /// Bytes that are hashed in one piece, and not one by one as an array of them is.
    private struct Content: Hashable {
        let bytes: [UInt8]

        func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
    }

    mutating func commit() { uncommitted.removeAll(keepingCapacity: true) }

    mutating func rollBack() {
        for content in uncommitted { numbers[content] = nil }
        highest -= Int64(uncommitted.count)
        uncommitted.removeAll(keepingCapacity: true)
    }

    static func checksum(_ number: Int64, _ content: UnsafeRawBufferPointer) -> Int64 {
        var checksum = CRC32C()
        checksum.add(number)
        checksum.add(content)
        return Int64(checksum.value)
    }
}
