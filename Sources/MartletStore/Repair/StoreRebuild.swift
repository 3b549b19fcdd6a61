import GRDB
import Martlet
import MartletPipeline

/// Fills a new store from the rows that a salvage reads.
final class StoreRebuild {
    let salvage: Salvage
    let queue: DatabaseQueue
    let now: Timestamp
    let progress: (StoreWork) -> Void
    var report = RepairReport()
    /// No position up to here is given again.
    var floor: Int64 = 0
    private var tables: [String: StoredTable] = [:]
    private var insertions: [String: RawStatement] = [:]
    /// The order in which tables are read: what others are understood by first, the log before what refers to it.
    private static let order = ["fragments", "fragment_copies", "events"]

    init(
        _ salvage: Salvage,
        into queue: DatabaseQueue,
        now: Timestamp,
        progress: @escaping (StoreWork) -> Void
    ) throws {
        self.salvage = salvage
        self.queue = queue
        self.now = now
        self.progress = progress
    }

    func run() throws {
        try queue.inDatabase { database in
            try database.inTransaction {
                for table in try StoredTable.all(database) { tables[table.name] = table }
                try takeIdentity(database)
                try copyTables(database)
                try copyIdentities(database)
                try copyStrays(database)
                insertions = [:]
                return .commit
            }
            try database.inTransaction {
                var log = try RebuiltLog(self, database)
                try log.run()
                var delivery = RebuiltDelivery(self, database)
                try delivery.run()
                return .commit
            }
        }
    }

    // MARK: What is copied as it is

    /// The identity is the row, where that and its copy agree or the copy is damaged; else the copy.
    private func takeIdentity(_ database: Database) throws {
        var found: [String: [Int64]] = [:]
        for name in ["store", "store_copy"] {
            guard let table = tables[name] else { continue }
            salvage.rows(of: name) { row in
                guard let values = table.values(of: row), table.verdict(values) != .damaged else { return false }
                let columns = ["instance", "seed_low", "seed_high"].compactMap { table.value($0, of: values).integer }
                if columns.count == 3 { found[name] = columns }
                return columns.count == 3
            }
        }
        if found["store_copy"] == nil, let table = tables["store_copy"] {
            salvage.strayRows { row in
                guard let values = table.values(of: row), table.verdict(values) == .whole else { return false }
                found["store_copy"] = ["instance", "seed_low", "seed_high"].compactMap {
                    table.value($0, of: values).integer
                }
                return true
            }
        }
        guard let columns = found["store_copy"] ?? found["store"] else {
            throw StoreError(
                .damaged,
                "The store's identity is lost, and its copy with it: without them no resource is found. Restore a backup."
            )
        }
        try database.execute(
            sql: "UPDATE store SET instance = ?, seed_low = ?, seed_high = ?",
            arguments: [columns[0], columns[1], columns[2]]
        )
        try StoreInstance(columns: columns).writeCopy(database)
    }

    private func copyTables(_ database: Database) throws {
        let names = StoreRebuild.order + tables.keys.filter { !StoreRebuild.order.contains($0) }.sorted()
        for name in names where name != "store" && name != "store_copy" && name != "identity_tables" {
            guard let table = tables[name] else { continue }
            progress(StoreWork("reading \(name)"))
            try salvage.rows(of: name) { row in
                guard let values = table.values(of: row) else {
                    report.damaged[name, default: 0] += 1
                    return false
                }
                guard table.verdict(values) != .damaged else {
                    report.damaged[name, default: 0] += 1
                    return false
                }
                try insert(values, into: table, database)
                return true
            }
        }
    }

    /// Rows that no tree leads to, of the tables whose rows prove what they are.
    private func copyStrays(_ database: Database) throws {
        progress(StoreWork("reading pages that are cut off"))
        let candidates = tables.values.sorted { $0.name < $1.name }
        try salvage.strayRows { row in
            for table in candidates {
                guard let values = table.values(of: row), table.verdict(values) == .whole else { continue }
                if try insert(values, into: table, database), table.name == "events" { report.strayEvents += 1 }
                return true
            }
            return false
        }
    }

    @discardableResult
    private func insert(_ values: [StoredValue], into table: StoredTable, _ database: Database) throws -> Bool {
        let statement = try insertion(into: table, database)
        for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
        try statement.run()
        guard statement.changedRows > 0 else { return false }
        report.saved[table.name, default: 0] += 1
        if table.name == "events", let position = values[0].integer, position % 8_192 == 0 {
            progress(StoreWork("saving events", position))
        }
        return true
    }

    private func insertion(into table: StoredTable, _ database: Database) throws -> RawStatement {
        if let known = insertions[table.name] { return known }
        let columns = table.columns.joined(separator: ", ")
        let places = Array(repeating: "?", count: table.columns.count).joined(separator: ", ")
        let statement = try RawStatement(
            keeping: "INSERT OR IGNORE INTO \(table.name)(\(columns)) VALUES(\(places))",
            on: database
        )
        insertions[table.name] = statement
        return statement
    }

    /// The hourly tables; what is missing in them is made again from the log.
    private func copyIdentities(_ database: Database) throws {
        let names = salvage.tables.keys.filter { $0.wholeMatch(of: /identity_[0-9]+/) != nil }
        for number in names.compactMap({ Int64($0.dropFirst("identity_".count)) }).sorted() {
            try database.execute(sql: IdentityTables.creation(of: number))
            try database.execute(
                sql: "INSERT OR IGNORE INTO identity_tables(number, running) VALUES(?, 0)",
                arguments: [number]
            )
            let table = try StoredTable("identity_\(number)", in: database)
            try salvage.rows(of: table.name) { row in
                guard let values = table.values(of: row), values.allSatisfy({ $0.integer != nil }) else { return false }
                try insert(values, into: table, database)
                return true
            }
        }
        guard let table = tables["identity_tables"] else { return }
        try salvage.rows(of: table.name) { row in
            guard let values = table.values(of: row), let number = values[0].integer, let running = values[1].integer
            else { return false }
            try database.execute(
                sql: "UPDATE identity_tables SET running = ? WHERE number = ?",
                arguments: [max(0, running), number]
            )
            return true
        }
    }
}
