/// The checksum of a row that is not an event's: of which table it is, and what its columns hold.
///
/// `NULL`, numbers and bytes differ, and every value says how long it is, so no two rows give the same bytes.
struct RowChecksum {
    /// The tables whose rows carry one, with the columns it is made of. The numbers are on disk.
    enum Table: Int64, CaseIterable {
        case resources = 1
        case checkpoints = 2
        case settings = 3
        case forwarders = 4
        case parked = 5
        case deadLetters = 6
        case quarantine = 7

        var name: String { self == .deadLetters ? "dead_letters" : "\(self)" }

        /// What the checksum covers, in this order. What changes with every event is left out: a resource's `latest`, which
        /// the log tells, and a forwarder's numbers, which have to add up.
        var columns: [String] {
            switch self {
            case .resources: ["key", "position", "deleted", "cloud", "type", "id", "state", "document"]
            case .checkpoints: ["source", "key", "value"]
            case .settings: ["name", "value"]
            case .forwarders: ["name", "start"]
            case .parked: ["forwarder", "position", "lane", "unit", "attempts", "due", "reason", "redelivery"]
            case .deadLetters: ["forwarder", "position", "reason", "attempts", "time"]
            case .quarantine: ["source", "received", "reason", "routing_key", "headers", "bytes"]
            }
        }
    }

    private var checksum = CRC32C()

    init(_ table: Table) { checksum.add(table.rawValue) }

    var value: Int64 { Int64(checksum.value) }

    mutating func add(_ number: Int64?) {
        guard let number else { return checksum.add(0) }
        checksum.add(1)
        checksum.add(number)
    }

    mutating func add(_ text: String?) {
        guard var text else { return checksum.add(0) }
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        checksum.add(2)
        checksum.add(Int64(bytes.count))
        checksum.add(bytes)
    }

    /// The checksum of a row as it was read, its values in the order of ``Table/columns``.
    static func value(of table: Table, _ values: [StoredValue]) -> Int64 {
        var checksum = RowChecksum(table)
        for value in values {
            switch value {
            case .null: checksum.add(nil as Int64?)
            case .integer(let number): checksum.add(number)
            // No column holds one; a bit that turns a number into one is found.
            case .real: checksum.add("real")
            case .text(let bytes), .blob(let bytes): bytes.withUnsafeBytes { checksum.add($0) }
            }
        }
        return checksum.value
    }
}

/// A value as SQLite stores it.
enum StoredValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real
    case text([UInt8])
    case blob([UInt8])

    var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    var bytes: [UInt8]? {
        switch self {
        case .text(let bytes), .blob(let bytes): bytes
        case .null, .integer, .real: nil
        }
    }

    var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
}
