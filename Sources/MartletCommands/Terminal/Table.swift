/// Rows in aligned columns, two blanks apart, as wide as what is in them.
struct Table {
    struct Column {
        enum Alignment { case left, right }

        var title: String
        var alignment: Alignment = .left
        /// Gives way where the terminal is too narrow, down to ``Table/narrowest``.
        var isFlexible = false
        /// Left out where no row has more in it than a nought.
        var isOptional = false

        static func left(_ title: String) -> Column { Column(title: title) }
        static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
        static func flexible(_ title: String) -> Column { Column(title: title, isFlexible: true) }
        static func optional(_ title: String) -> Column { Column(title: title, alignment: .right, isOptional: true) }
    }

    static let gap = 2
    static let narrowest = 8

    private let columns: [Column]
    private var rows: [[StyledText]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row with a cell for each column.
    mutating func add(_ cells: [StyledText]) {
        precondition(cells.count == columns.count, "a row has a cell for each column")
        rows.append(cells)
    }

    /// The header, dim, and the rows, none wider than `width` where the flexible columns allow.
    func lines(width: Int?) -> [StyledText] {
        let shown = columns.indices.filter { column in
            !columns[column].isOptional || rows.contains { !$0[column].isNought }
        }
        let widths = fit(shown, into: width)
        let header = columns.map { StyledText($0.title, .dim) }
        return ([header] + rows).map { row in line(row, shown, widths) }
    }

    private func line(_ row: [StyledText], _ shown: [Int], _ widths: [Int: Int]) -> StyledText {
        var line = StyledText()
        var end = 0
        for column in shown {
            let room = widths[column] ?? 0
            let cell = row[column].truncated(to: room)
            // Padding goes before a cell, never after the last one: no line ends in blanks.
            if !cell.isEmpty {
                line.pad(to: end)
                line.append(columns[column].alignment == .right ? cell.paddedLeft(to: room) : cell)
            }
            end += room + Table.gap
        }
        return line
    }

    private func fit(_ shown: [Int], into width: Int?) -> [Int: Int] {
        var widths: [Int: Int] = [:]
        for column in shown {
            let widest = rows.map { $0[column].width }.max() ?? 0
            widths[column] = max(widest, DisplayWidth.of(columns[column].title))
        }
        guard let width else { return widths }
        var excess = widths.values.reduce(Table.gap * (shown.count - 1), +) - width
        while excess > 0 {
            // The widest gives way first, so that narrow ones stay whole.
            let candidates = shown.filter { columns[$0].isFlexible && widths[$0, default: 0] > Table.narrowest }
            guard let widest = candidates.max(by: { widths[$0, default: 0] < widths[$1, default: 0] }) else { break }
            widths[widest, default: 0] -= 1
            excess -= 1
        }
        return widths
    }
}

extension StyledText {
    fileprivate var isNought: Bool { isEmpty || self == "0" }
}
