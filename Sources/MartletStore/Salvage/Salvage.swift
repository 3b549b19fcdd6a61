/// Reads rows out of a store's file, damaged or not: table by table down the b-trees, and then the pages that a damaged
/// one has cut off.
final class Salvage {
    let file: PageFile
    /// Pages whose rows have been taken, or that are known to hold nothing.
    private var seen: Set<Int> = []
    /// The tables by name, with the first page of each.
    private(set) var tables: [String: Int] = [:]
    /// Pages of trees that are none: damaged, or refused by the disk.
    private(set) var damagedPages: Set<Int> = []
    private var damagedTables: Set<String> = []

    init(_ file: PageFile) {
        self.file = file
        seen.insert(0)
        readFreePages()
        walk(from: 1) { row in
            guard row.values.count == 5, let name = row.values[1].text, let page = row.values[3].integer, page > 0
            else { return false }
            if row.values[0].text == "table" { tables[name] = Int(page) }
            return true
        }
    }

    /// Goes through a table in the order of its tree.
    ///
    /// - Parameter body: tells whether it takes the row: a damaged pointer may lead into another table.
    func rows(of table: String, _ body: (SalvagedRow) throws -> Bool) rethrows {
        guard let root = tables[table] else { return }
        let before = damagedPages.count
        try walk(from: root, body)
        if damagedPages.count > before { damagedTables.insert(table) }
    }

    /// The layout that the tables say they are of; `nil` where they cannot be read.
    var layout: Int64? {
        var layouts: [Int64] = []
        rows(of: "grdb_migrations") { row in
            guard let layout = row.values.first?.text.flatMap({ Int64($0) }) else { return false }
            layouts.append(layout)
            return true
        }
        return layouts.max()
    }

    /// Whether rows of a table may be missing: pages of it are damaged, or nothing says where it begins.
    func isDamaged(_ table: String) -> Bool { tables[table] == nil || damagedTables.contains(table) }

    /// Goes through the pages that belong to no tree any more, in the order of the file; rows of any table may be in them.
    func strayRows(_ body: (SalvagedRow) throws -> Bool) rethrows {
        guard file.pageCount > 1 else { return }
        for number in 2...file.pageCount where !seen.contains(number) {
            guard let bytes = file.page(number), let page = TreePage(bytes, number: number) else { continue }
            try read(page, number, body)
        }
    }

    private func walk(from root: Int, _ body: (SalvagedRow) throws -> Bool) rethrows {
        // Once for each page, wherever a damaged pointer leads.
        var visited: Set<Int> = []
        var waiting = [root]
        while let number = waiting.popLast() {
            guard number > 0, number <= file.pageCount else {
                damagedPages.insert(number)
                continue
            }
            guard visited.insert(number).inserted else { continue }
            guard let bytes = file.page(number), let page = TreePage(bytes, number: number) else {
                damagedPages.insert(number)
                continue
            }
            try read(page, number, body)
            waiting += page.children.reversed()
        }
    }

    private func read(_ page: TreePage, _ number: Int, _ body: (SalvagedRow) throws -> Bool) rethrows {
        let cells = page.cells
        // What nobody takes may be another table's, and is looked at again as a stray.
        var hasTaken = cells.isEmpty
        for cell in cells {
            var overflow: Set<Int> = []
            let record = page.record(of: cell) { overflow.insert($0).inserted ? file.page($0) : nil }
            guard let record, let row = SalvagedRow(rowid: cell.rowid, record: record), try body(row) else { continue }
            seen.formUnion(overflow)
            hasTaken = true
        }
        if hasTaken { seen.insert(number) }
    }

    /// Pages that SQLite keeps for later hold what has been deleted, and must not be taken for cut off.
    private func readFreePages() {
        guard let head = file.page(1) else { return }
        var trunk = head.big32(32)
        while trunk > 0, seen.insert(trunk).inserted, let page = file.page(trunk) {
            let count = min(page.big32(4), PageFile.pageSize / 4 - 2)
            for index in 0..<count { seen.insert(page.big32(8 + 4 * index)) }
            trunk = page.big32(0)
        }
    }
}
