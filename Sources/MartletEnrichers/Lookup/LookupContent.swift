import MartletJSON

/// The rows of a table of the operator's own, by their keys: read from a text, pure.
struct LookupContent {
    /// Why a text is no table; a sentence with its place.
    struct Failure: Error, Equatable {
        var reason: String
    }

    /// The column that holds the key.
    let key: String
    /// The columns that are joined; `nil` for all others.
    let columns: [String]?

    /// JSON, if it begins like it, else rows of cells under a line of names.
    func rows(of text: [UInt8]) throws(Failure) -> [String: [String: String]] {
        let first = text.first { $0 > 0x20 && $0 < 0x7F }
        let isJSON = first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
        return isJSON ? try jsonRows(of: text) : try delimitedRows(of: text)
    }

    // MARK: - Cells

    private func delimitedRows(of text: [UInt8]) throws(Failure) -> [String: [String: String]] {
        let table: DelimitedText
        do throws(DelimitedText.Failure) {
            table = try DelimitedText(text)
        } catch {
            throw Failure(reason: "line \(error.line) \(error.reason)")
        }
        guard let header = table.rows.first?.cells else {
            throw Failure(reason: "it is empty: the first line names columns")
        }
        guard let keyIndex = header.firstIndex(of: key) else { throw missing(key, in: header) }
        var joined: [(index: Int, name: String)] = []
        for name in columns ?? header.filter({ $0 != key && !$0.isEmpty }) {
            guard let index = header.firstIndex(of: name) else { throw missing(name, in: header) }
            joined.append((index, name))
        }
        var rows: [String: [String: String]] = [:]
        for row in table.rows.dropFirst() {
            guard row.cells.count == header.count else {
                throw Failure(
                    reason: "line \(row.line) has \(row.cells.count) cells where the first line names \(header.count)"
                )
            }
            var values: [String: String] = [:]
            for column in joined where !row.cells[column.index].isEmpty {
                values[column.name] = row.cells[column.index]
            }
            try add(values, for: row.cells[keyIndex], to: &rows, place: "line \(row.line)")
        }
        return rows
    }

    // MARK: - JSON

    private func jsonRows(of text: [UInt8]) throws(Failure) -> [String: [String: String]] {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument(parsing: text).root
        } catch {
            throw Failure(reason: error.description)
        }
        var rows: [String: [String: String]] = [:]
        if root.kind == .object {
            for member in root.members {
                try add(try values(of: member.value, place: member.key), for: member.key, to: &rows, place: member.key)
            }
        } else {
            for (number, row) in root.elements.enumerated() {
                let place = "row \(number + 1)"
                guard row.kind == .object, let name = row[key].flatMap(Self.text) else {
                    throw Failure(reason: "\(place) is no object with a member “\(key)”")
                }
                try add(try values(of: row, place: place), for: name, to: &rows, place: place)
            }
        }
        return rows
    }

    private func values(of row: JSONValue, place: String) throws(Failure) -> [String: String] {
        guard row.kind == .object else { throw Failure(reason: "\(place) is no object of columns") }
        var values: [String: String] = [:]
        for member in row.members where member.key != key && columns?.contains(member.key) ?? true {
            if member.value.isNull { continue }
            guard let text = Self.text(of: member.value) else {
                throw Failure(reason: "\(place): “\(member.key)” is neither text, number nor truth value")
            }
            values[member.key] = text
        }
        return values
    }

    private static func text(of value: JSONValue) -> String? {
        switch value.kind {
        case .string: value.string
        case .number, .boolean: String(decoding: value.bytes, as: UTF8.self)
        case .object, .array, .null: nil
        }
    }

    // MARK: - Both

    private func add(
        _ values: [String: String],
        for key: String,
        to rows: inout [String: [String: String]],
        place: String
    ) throws(Failure) {
        guard !key.isEmpty else { throw Failure(reason: "\(place) has no \(self.key)") }
        guard rows.updateValue(values, forKey: key) == nil else {
            throw Failure(reason: "\(place) has the \(self.key) “\(key)” again: one row for each")
        }
    }

    private func missing(_ column: String, in header: [String]) -> Failure {
        Failure(reason: "it has no column “\(column)”: there are \(header.joined(separator: ", "))")
    }
}
