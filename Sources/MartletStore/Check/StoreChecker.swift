import GRDB
import Martlet
import MartletPipeline

/// One look at a store within a snapshot: what it has read so far, and what it found.
struct StoreChecker {
    let database: Database
    let progress: (StoreWork) -> Void
    var report: StoreReport
    /// The last position of each resource in the log.
    var latest: [Int64: Int64] = [:]
    /// Events that have been reported: what names them is right to do so.
    var damaged: Set<Int64> = []
    var instance: StoreInstance?
    /// The hourly tables of identities.
    var identityTables: [String] = []

    init(_ database: Database, report: StoreReport, progress: @escaping (StoreWork) -> Void) {
        self.database = database
        self.report = report
        self.progress = progress
    }

    mutating func run() {
        guarded(.file, "martlet.sqlite") { try $0.checkStructure() }
        guarded(.schema, "martlet.sqlite") { try $0.checkSchema() }
        guarded(.identity, "store") { try $0.checkIdentity() }
        guarded(.fragments, "fragments") { try $0.checkFragments() }
        guarded(.events, "events") { try $0.checkEvents() }
        guarded(.resources, "resources") { try $0.checkResources() }
        guarded(.forwarders, "forwarders") { try $0.checkForwarders() }
        guarded(.parked, "parked") { try $0.checkParked() }
        guarded(.deadLetters, "dead letters") { try $0.checkDeadLetters() }
        guarded(.quarantine, "quarantine") { try $0.checkRows(of: .quarantine, .quarantine) { "item \($0[0])" } }
        guarded(.checkpoints, "checkpoints") {
            try $0.checkRows(of: .checkpoints, .checkpoints) { "source \($0[0]), \($0[1])" }
        }
        guarded(.settings, "settings") { try $0.checkRows(of: .settings, .settings) { "setting \($0[0])" } }
    }

    /// What keeps one part from being read is a finding, and no reason not to look at the others.
    private mutating func guarded(
        _ part: StoreReport.Part,
        _ subject: String,
        _ body: (inout StoreChecker) throws -> Void
    ) {
        do {
            try body(&self)
        } catch {
            report.add(part, subject, "it cannot be read: \(StoreCheck.reason(of: error))")
        }
    }

    /// SQLite's own check of the b-trees.
    private mutating func checkStructure() throws {
        progress(StoreWork("checking the file's structure"))
        for message in try String.fetchAll(database, sql: "PRAGMA integrity_check(1000)") where message != "ok" {
            report.add(.file, "martlet.sqlite", message)
        }
    }

    /// Compares the tables with those of a store that has just been made.
    private mutating func checkSchema() throws {
        let fresh = try DatabaseQueue()
        try Schema.migrator.migrate(fresh)
        let wanted = try fresh.read { try StoreChecker.definitions($0) }
        let found = try StoreChecker.definitions(database)
        try checkIdentityTables(found)
        let version = try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        var applied: [String] = []
        try RawStatement(database, "SELECT identifier FROM grdb_migrations ORDER BY identifier").forEach { row in
            applied.append(row.text(0))
            return true
        }
        if version < 1 || version > StoreFile.version || applied != (1...version).map({ "\($0)" }) {
            let layouts = applied.joined(separator: ", ")
            report.add(.schema, "martlet.sqlite", "its head says layout \(version), its tables \(layouts)")
        }
        guard applied.last == "\(StoreFile.version)" else {
            report.notes.append(
                """
                The store is of layout \(applied.last ?? "none"), this program's is \(StoreFile.version): the tables themselves \
                are not compared.
                """
            )
            return
        }
        for (name, definition) in wanted.sorted(by: { $0.key < $1.key }) where found[name] != definition {
            report.add(.schema, name, found[name] == nil ? "it is missing" : "it is not as it was made")
        }
        for name in found.keys.sorted() where wanted[name] == nil && !identityTables.contains(name) {
            report.add(.schema, name, "it is no part of a store")
        }
    }

    /// What `sqlite_master` says of each name.
    private static func definitions(_ database: Database) throws -> [String: String] {
        var found: [String: String] = [:]
        try RawStatement(database, "SELECT name, type, tbl_name, sql FROM sqlite_master").forEach { row in
            found[row.text(0)] = "\(row.text(1)) of \(row.text(2)): \(row.text(3))"
            return true
        }
        return found
    }

    /// The hourly tables, and the list of them.
    private mutating func checkIdentityTables(_ found: [String: String]) throws {
        identityTables = found.keys.filter { $0.wholeMatch(of: /identity_[0-9]+/) != nil }.sorted()
        for name in identityTables {
            let creation = IdentityTables.creation(of: Int64(name.dropFirst("identity_".count)) ?? 0)
            if found[name] != "table of \(name): \(creation)" {
                report.add(.schema, name, "it is not as it was made")
            }
        }
        var listed: Set<String> = []
        try RawStatement(database, "SELECT number FROM identity_tables").forEach { row in
            listed.insert("identity_\(row.integer(0))")
            return true
        }
        for name in listed.symmetricDifference(identityTables).sorted() {
            report.add(
                .identities,
                name,
                listed.contains(name) ? "the table is missing" : "it is not in the list of them"
            )
        }
    }

    private mutating func checkIdentity() throws {
        // Before layout 3 there was one generation, and no copy.
        let instance =
            try database.tableExists("generations")
            ? StoreInstance(database)
            : RawStatement(database, "SELECT instance, seed_low, seed_high FROM store").first { row in
                StoreInstance(columns: [row.integer(0), row.integer(1), row.integer(2)])
            }
        guard let instance else { return report.add(.identity, "store", "it is missing") }
        self.instance = instance
        guard try database.tableExists("store_copy") else { return }
        let statement = try RawStatement(database, "SELECT instance, seed_low, seed_high, checksum FROM store_copy")
        let read = try statement.first { row in
            (copy: [row.integer(0), row.integer(1), row.integer(2)], checksum: row.integer(3))
        }
        guard let (copy, checksum) = read else { return report.add(.identity, "store", "its copy is missing") }
        if StoreInstance.checksum(copy) != checksum {
            report.add(.identity, "store", "its copy is damaged")
        } else if copy != instance.columns {
            report.add(.identity, "store", "it is not what its copy says")
        }
    }

    private mutating func checkFragments() throws {
        let tables = ["fragments", "fragment_copies"].filter { (try? database.tableExists($0)) ?? false }
        var numbers: [Set<Int64>] = []
        for table in tables {
            var found: Set<Int64> = []
            try RawStatement(database, "SELECT id, content, crc FROM \(table)").forEach { row in
                found.insert(row.integer(0))
                if FragmentTable.checksum(row.integer(0), row.bytes(1)) != row.integer(2) {
                    report.add(.fragments, "number \(row.integer(0)) in \(table)", "its checksum is wrong")
                }
                return true
            }
            report.rows[table] = found.count
            numbers.append(found)
        }
        guard numbers.count == 2 else { return }
        for number in numbers[0].symmetricDifference(numbers[1]).sorted() {
            report.add(.fragments, "number \(number)", "it is there only once")
        }
    }

    /// Compares the rows of a table with their checksums.
    ///
    /// - Parameter subject: names a row by the values that its checksum covers.
    mutating func checkRows(
        of table: RowChecksum.Table,
        _ part: StoreReport.Part,
        subject: ([StoredValue]) -> String
    ) throws {
        let hasChecksum = try database.columns(in: table.name).contains { $0.name == "checksum" }
        let checksum = hasChecksum ? "checksum" : "NULL"
        let names = table.columns.joined(separator: ", ")
        var count = 0
        try RawStatement(database, "SELECT \(names), \(checksum) FROM \(table.name)").forEach { row in
            count += 1
            let values = table.columns.indices.map { row.value(Int32($0)) }
            guard !row.isNull(Int32(values.count)) else {
                report.uncheckedRows += 1
                return true
            }
            if RowChecksum.value(of: table, values) != row.integer(Int32(values.count)) {
                report.add(part, subject(values), "its checksum is wrong")
            }
            return true
        }
        report.rows[table.name] = count
    }
}

extension StoredValue: CustomStringConvertible {
    var description: String { text ?? integer.map { "\($0)" } ?? "?" }
}

extension RawStatement {
    /// A column as it is stored.
    func value(_ column: Int32) -> StoredValue {
        switch type(column) {
        case .null: .null
        case .integer: .integer(integer(column))
        case .real: .real
        case .text: .text([UInt8](bytes(column)))
        case .blob: .blob([UInt8](bytes(column)))
        }
    }
}
