import Martlet
import MartletPipeline

/// A row of the log, as it lies on disk: in `events`, and as a dead letter's own copy.
struct EventRow {
    var position: Int64
    /// Milliseconds since 1970.
    var recorded: Int64
    /// The number of the fragment with the kind; zero where the kind is among the attributes.
    var kind: Int64
    /// The key of the resource; zero where there is none.
    var resource: Int64
    /// The position of the resource's event before; zero where there is none.
    var previous: Int64

    /// The columns in the order in which ``init(_:from:)`` reads them.
    static let columns = "position, recorded, kind, resource, prev, crc, attributes, body"

    /// The checksum of the whole row, so that no part of it is ever taken for another's.
    func checksum(attributes: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer) -> Int64 {
        var checksum = CRC32C()
        // Numbers of one size before the two that vary: no two rows give the same bytes but for a shift between them.
        checksum.add(position)
        checksum.add(recorded)
        checksum.add(kind)
        checksum.add(resource)
        checksum.add(previous)
        checksum.add(Int64(attributes.count))
        checksum.add(attributes)
        checksum.add(body)
        return Int64(checksum.value)
    }

    /// The fixed part of the row that a statement stands on.
    init(_ row: RawStatement, from column: Int32 = 0) {
        position = row.integer(column)
        recorded = row.integer(column + 1)
        kind = row.integer(column + 2)
        resource = row.integer(column + 3)
        previous = row.integer(column + 4)
    }

    init(position: Int64, recorded: Int64, kind: Int64, resource: Int64, previous: Int64) {
        self.position = position
        self.recorded = recorded
        self.kind = kind
        self.resource = resource
        self.previous = previous
    }
}
