import GRDB

/// A table of the store as its rows lie on disk.
struct StoredTable {
    let name: String
    /// In the order of the record.
    let columns: [String]
    /// The column that is the row's number and not part of the record.
    private let numberColumn: Int?
    private let required: [Bool]
    private let places: [String: Int]

    /// - Throws: ``StoreError`` where the database has no such table.
    init(_ name: String, in database: Database) throws {
        self.name = name
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)",
            arguments: [name]
        )
        let sql =
            try String.fetchOne(database, sql: "SELECT sql FROM sqlite_master WHERE name = ?", arguments: [name]) ?? ""
        columns = rows.map { $0["name"] }
        let keys = rows.filter { ($0["pk"] as Int) > 0 }
        let isNumbered = keys.count == 1 && keys[0]["type"] as String == "INTEGER" && !sql.contains("WITHOUT ROWID")
        numberColumn = isNumbered ? rows.firstIndex { ($0["pk"] as Int) > 0 } : nil
        required = rows.map { ($0["notnull"] as Int) != 0 }
        places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    }

    /// The values of a salvaged row, one for each column; `nil` where it cannot be one of this table.
    func values(of row: SalvagedRow) -> [StoredValue]? {
        guard row.values.count <= columns.count else { return nil }
        var values = row.values
        if let numberColumn {
            guard numberColumn < values.count, values[numberColumn] == .null, row.rowid > 0 else { return nil }
            values[numberColumn] = .integer(row.rowid)
        }
        // Columns of a later layout are missing in rows from before it.
        values += Array(repeating: .null, count: columns.count - values.count)
        for (value, isRequired) in zip(values, required) where isRequired && value == .null { return nil }
        return values
    }

    func value(_ column: String, of values: [StoredValue]) -> StoredValue {
        places[column].map { values[$0] } ?? .null
    }

    /// What the checksums of a row say.
    enum Verdict { case whole, damaged, unknown }

    func verdict(_ values: [StoredValue]) -> Verdict {
        var isKnown = false
        switch name {
        case "events", "event_copies", "dead_letters", "replay_failures":
            guard hasEventChecksum(values) else { return .damaged }
            isKnown = true
        case "fragments", "fragment_copies":
            guard let number = value("id", of: values).integer, let content = value("content", of: values).bytes,
                case .integer(let checksum) = value("crc", of: values),
                content.withUnsafeBytes({ FragmentTable.checksum(number, $0) }) == checksum
            else { return .damaged }
            isKnown = true
        case "store_copy":
            let columns = ["instance", "seed_low", "seed_high"].compactMap { value($0, of: values).integer }
            guard columns.count == 3, StoreInstance.checksum(columns) == value("checksum", of: values).integer else {
                return .damaged
            }
            isKnown = true
        default: break
        }
        if let table = RowChecksum.Table.allCases.first(where: { $0.name == name }) {
            switch value("checksum", of: values) {
            case .null: break
            case .integer(RowChecksum.value(of: table, table.columns.map { value($0, of: values) })): isKnown = true
            default: return .damaged
            }
        }
        return isKnown ? .whole : .unknown
    }

    private func hasEventChecksum(_ values: [StoredValue]) -> Bool {
        let numbers = ["position", "recorded", "kind", "resource", "prev", "crc"]
            .compactMap { value($0, of: values).integer }
        guard numbers.count == 6, let attributes = value("attributes", of: values).bytes,
            let body = value("body", of: values).bytes
        else { return false }
        let row = EventRow(
            position: numbers[0],
            recorded: numbers[1],
            kind: numbers[2],
            resource: numbers[3],
            previous: numbers[4]
        )
        return attributes.withUnsafeBytes { attributes in
            body.withUnsafeBytes { row.checksum(attributes: attributes, body: $0) == numbers[5] }
        }
    }

    /// The tables that the store's layout has, the hourly ones of identities and GRDB's own left out.
    static func all(_ database: Database) throws -> [StoredTable] {
        try String.fetchAll(
            database,
            sql: """
                SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                    AND name NOT LIKE 'grdb_%' AND name NOT LIKE 'identity_%' ORDER BY name
                """
        ).map { try StoredTable($0, in: database) }
    }
}

extension RawStatement {
    func bind(_ index: Int32, _ value: StoredValue) {
        switch value {
        case .null, .real: bindNull(index)
        case .integer(let number): bind(index, number)
        case .text(let bytes): bind(index, String(decoding: bytes, as: UTF8.self))
        case .blob(let bytes): bind(index, bytes[...])
        }
    }
}
