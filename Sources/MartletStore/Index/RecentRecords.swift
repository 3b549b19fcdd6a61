import MartletPipeline

/// The records that were used last, decoded.
///
/// Two generations: what is used moves to the younger, and when that is full the older is dropped and the younger takes
/// its place. So between half of the capacity and all of it is kept, for the price of a dictionary.
struct RecentRecords {
    private var younger: [Int64: ResourceRecord] = [:]
    private var older: [Int64: ResourceRecord] = [:]
    private let half: Int

    init(capacity: Int) { half = max(1, capacity / 2) }

    /// How many are kept; a record that is in both generations counts twice.
    var count: Int { younger.count + older.count }

    mutating func record(for key: Int64) -> ResourceRecord? {
        if let record = younger[key] { return record }
        guard let record = older[key] else { return nil }
        keep(record)
        return record
    }

    /// Keeps a record as it is on disk.
    mutating func keep(_ record: consuming ResourceRecord) {
        if younger.count >= half {
            older = younger
            younger = [:]
            younger.reserveCapacity(half)
        }
        let key = record.key.rawValue
        younger[key] = record
    }
}
