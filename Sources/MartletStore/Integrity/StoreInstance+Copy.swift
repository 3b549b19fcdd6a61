import GRDB
import MartletPipeline

// The store's identity is one row, and without it no resource is found by its name: it is there twice, on two pages.

extension StoreInstance {
    /// The numbers as they are stored.
    var columns: [Int64] {
        [Int64(generations[0].number), Int64(bitPattern: hashKey.low), Int64(bitPattern: hashKey.high)]
    }

    init(columns: [Int64]) {
        self.init(
            generations: [Generation(first: 0, number: UInt32(truncatingIfNeeded: columns[0]))],
            hashKey: SipHash.Key(low: UInt64(bitPattern: columns[1]), high: UInt64(bitPattern: columns[2]))
        )
    }

    static func checksum(_ columns: [Int64]) -> Int64 {
        var checksum = CRC32C()
        for column in columns { checksum.add(column) }
        return Int64(checksum.value)
    }

    /// Writes the copy beside the row that it is a copy of.
    func writeCopy(_ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO store_copy(id, instance, seed_low, seed_high, checksum) VALUES(1, ?, ?, ?, ?)",
            arguments: [columns[0], columns[1], columns[2], StoreInstance.checksum(columns)]
        )
    }
}
