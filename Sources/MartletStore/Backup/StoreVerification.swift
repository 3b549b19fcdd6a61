import GRDB
import MartletPipeline

/// Looks through a store that nobody has open: SQLite's own check of its pages, and the checksum of every event.
enum StoreVerification {
    private static let step = 20_000

    /// - Throws: ``StoreError`` `.damaged` with what is wrong.
    static func check(_ file: String, _ report: StoreBackup.Report) throws -> StoreBackup.Contents {
        let layout = try StoreFile.inspect(file)
        guard let layout else { throw StoreError(.failed, "\(file) is empty; it is no backup.") }
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: file, configuration: configuration)
        let contents = try queue.read { database in
            let found = try String.fetchAll(database, sql: "PRAGMA quick_check(5)")
            guard found == ["ok"] else {
                throw StoreError(.damaged, "\(file) is damaged: \(found.joined(separator: "; ")).")
            }
            var contents = StoreBackup.Contents(
                events: 0,
                first: try Int64.fetchOne(database, sql: "SELECT min(position) FROM events") ?? 0,
                last: try Int64.fetchOne(database, sql: "SELECT max(position) FROM events") ?? 0,
                resources: try Int64.fetchOne(database, sql: "SELECT count(*) FROM resources") ?? 0,
                layout: layout,
                bytes: StoreFile.size(of: file)
            )
            try checkEvents(of: database, file, &contents, report)
            return contents
        }
        try queue.close()
        return contents
    }

    private static func checkEvents(
        of database: Database,
        _ file: String,
        _ contents: inout StoreBackup.Contents,
        _ report: StoreBackup.Report
    ) throws {
        let total = contents.last - max(0, contents.first - 1)
        var damaged: [Int64] = []
        try RawStatement(database, "SELECT \(EventRow.columns) FROM events ORDER BY position").forEach { row in
            contents.events += 1
            let checksum = EventRow(row).checksum(attributes: row.bytes(6), body: row.bytes(7))
            if checksum != row.integer(5) { damaged.append(row.integer(0)) }
            if contents.events % Int64(step) == 0 {
                report(StoreBackup.Progress(phase: .checking, done: contents.events, total: total))
            }
            return damaged.count < 100
        }
        guard damaged.isEmpty else {
            let places = damaged.prefix(5).map(String.init).joined(separator: ", ")
            throw StoreError(
                .damaged,
                """
                \(damaged.count)\(damaged.count == 100 ? " or more" : "") events are damaged, at the positions \(places)\
                \(damaged.count > 5 ? ", …" : ""). `martlet store check` tells more, `martlet store repair` saves the rest.
                """
            )
        }
        report(StoreBackup.Progress(phase: .checking, done: contents.events, total: contents.events))
    }
}
