import GRDB
import Martlet
import MartletPipeline

/// The second look at a rebuilt log: what cannot be put together leaves it, time lines are linked again, resources and
/// identities are made again where they are missing.
struct RebuiltLog {
    private let rebuild: StoreRebuild
    private let database: Database
    private let instance: StoreInstance
    private let replay = ResourceReplay()
    private var latest: [Int64: Int64] = [:]
    /// How far the documents that were saved know the log.
    private var known: [Int64: Int64] = [:]
    /// Documents that are made again, or brought up to date.
    private var records: [Int64: ResourceRecord] = [:]
    private var incomplete: Set<Int64> = []
    private var hash: IdentityHash
    /// The hourly tables with the first position of each that is known, oldest first.
    private var identityTables: [(number: Int64, start: Int64)] = []
    private var firstIdentity = Int64.max

    init(_ rebuild: StoreRebuild, _ database: Database) throws {
        self.rebuild = rebuild
        self.database = database
        instance = try StoreInstance(database)
        hash = IdentityHash(key: instance.hashKey)
    }

    mutating func run() throws {
        try copyFragments()
        try readDocuments()
        try readIdentityTables()
        try goThroughLog()
        try writeResources()
        try recordLost()
    }

    /// Each fragment is there twice; one that is whole stands in for the other.
    private func copyFragments() throws {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO fragments SELECT * FROM fragment_copies;
                INSERT OR IGNORE INTO fragment_copies SELECT * FROM fragments;
                """
        )
    }

    /// A document that was saved goes on from its last event, where the log confirms that one, else from the one that shaped
    /// it.
    private mutating func readDocuments() throws {
        var unreadable: [Int64] = []
        try RawStatement(
            database,
            """
            SELECT \(ResourceRow.columns), EXISTS(
                SELECT 1 FROM events WHERE events.position = resources.latest AND events.resource = resources.key)
            FROM resources
            """
        ).forEach { row in
            if (try? ResourceRow.record(row)) == nil {
                unreadable.append(row.integer(0))
            } else {
                known[row.integer(0)] = row.integer(7) != 0 ? row.integer(1) : row.integer(2)
                rebuild.floor = max(rebuild.floor, row.integer(2))
            }
            return true
        }
        for key in unreadable { try database.execute(sql: "DELETE FROM resources WHERE key = ?", arguments: [key]) }
        if !unreadable.isEmpty { rebuild.report.damaged["resources", default: 0] += unreadable.count }
    }

    /// What can be made again from the log is left out here: only of events that are no longer there a row is all there is.
    private mutating func readIdentityTables() throws {
        var numbers: [Int64] = []
        try RawStatement(database, "SELECT number FROM identity_tables ORDER BY number").forEach { row in
            numbers.append(row.integer(0))
            return true
        }
        if numbers.isEmpty {
            try database.execute(sql: IdentityTables.creation(of: 1))
            try database.execute(sql: "INSERT INTO identity_tables(number, running) VALUES(1, 0)")
            numbers = [1]
        }
        let (first, head) = try bounds("events")
        var ahead: [Int64] = []
        for number in numbers {
            let known = try bounds("identity_\(number)")
            if known.last > 0 { firstIdentity = min(firstIdentity, known.first) }
            identityTables.append((number, known.last > 0 ? known.first : .max))
            try RawStatement(database, "SELECT position FROM identity_\(number) WHERE position > \(head)").forEach {
                row in
                ahead.append(row.integer(0))
                return true
            }
            // An event that is lost is no longer known: when it is delivered again it is taken in again.
            try database.execute(
                sql: "DELETE FROM identity_\(number) WHERE position >= ? OR position < 1",
                arguments: [max(1, first)]
            )
        }
        let last = RebuiltLog.lastLost(behind: head, knownBy: ahead)
        rebuild.floor = max(rebuild.floor, last)
        // Where they are all lost: what has been recorded within the horizon.
        let recorded =
            try Int64.fetchOne(database, sql: "SELECT recorded FROM events ORDER BY position DESC LIMIT 1") ?? 0
        let horizon = try Int64.fetchOne(
            database,
            sql: "SELECT position FROM events WHERE recorded >= ? ORDER BY position LIMIT 1",
            arguments: [recorded - 25 * 3_600_000]
        )
        if let horizon { firstIdentity = min(firstIdentity, horizon) }
    }

    /// How far the log reached, by the identities of events behind its end. A single one far from the end is damaged itself.
    private static func lastLost(behind head: Int64, knownBy positions: [Int64]) -> Int64 {
        var (last, count) = (head, 0)
        for position in positions.sorted() where position - last <= 1_000 { (last, count) = (position, count + 1) }
        return count > 1 || last == head + 1 ? last : head
    }

    /// The first and the last position in a table; zero where it is empty.
    private func bounds(_ table: String) throws -> (first: Int64, last: Int64) {
        try RawStatement(database, "SELECT min(position), max(position) FROM \(table)")
            .first { row in (first: row.integer(0), last: row.integer(1)) } ?? (0, 0)
    }

    private mutating func goThroughLog() throws {
        let decoder = EventDecoder(database, fragments: FragmentCache(), instance: instance)
        let selection = try RawStatement(
            keeping: "SELECT \(EventRow.columns) FROM events WHERE position > ? ORDER BY position LIMIT 1000",
            on: database
        )
        let relinking = try RawStatement(
            keeping: "UPDATE events SET prev = ?2, crc = ?3 WHERE position = ?1",
            on: database
        )
        let remembering = try identityTables.map {
            try RawStatement(keeping: "INSERT OR IGNORE INTO identity_\($0.number) VALUES(?, ?, ?)", on: database)
        }
        var position: Int64 = 0
        while true {
            var relinks: [(position: Int64, previous: Int64, checksum: Int64)] = []
            var unreadable: [Int64] = []
            let start = position
            selection.bind(1, position)
            try selection.forEach { row in
                let fixed = EventRow(row)
                position = fixed.position
                // Whatever keeps it from being put together, nobody could read it.
                guard let stored = try? decoder.decode(row).event else {
                    unreadable.append(position)
                    return true
                }
                if fixed.resource != 0 {
                    let before = latest.updateValue(position, forKey: fixed.resource)
                    // A resource whose tombstone has gone begins a new line.
                    if let before, before != fixed.previous, fixed.previous != 0 {
                        var relinked = fixed
                        relinked.previous = before
                        let checksum = relinked.checksum(attributes: row.bytes(6), body: row.bytes(7))
                        relinks.append((position, before, checksum))
                    }
                    if before == nil, fixed.previous != 0 { incomplete.insert(fixed.resource) }
                    try apply(stored)
                }
                if position >= firstIdentity, !stored.event.id.isEmpty {
                    try remember(stored.event, at: position, remembering)
                }
                return true
            }
            for relink in relinks {
                relinking.bind(1, relink.position)
                relinking.bind(2, relink.previous)
                relinking.bind(3, relink.checksum)
                try relinking.run()
            }
            for position in unreadable {
                try database.execute(sql: "DELETE FROM events WHERE position = ?", arguments: [position])
            }
            rebuild.report.saved["events", default: 0] -= unreadable.count
            rebuild.report.relinked += relinks.count
            rebuild.floor = max(rebuild.floor, position)
            rebuild.progress(StoreWork("reading the log", position))
            if position == start { return }
        }
    }

    /// Brings the document of the event's resource up to date, or makes it again.
    private mutating func apply(_ stored: StoredEvent) throws {
        guard let key = stored.resourceKey, let resource = stored.event.resource else { return }
        let position = stored.position.rawValue
        if let known = known[key.rawValue], position <= known { return }
        var record =
            try records[key.rawValue] ?? saved(key.rawValue) ?? ResourceReplay.blank(of: stored, key, resource)
        replay.apply(stored, to: &record)
        records[key.rawValue] = record
    }

    private func saved(_ key: Int64) throws -> ResourceRecord? {
        guard known[key] != nil else { return nil }
        let statement = try RawStatement(database, "SELECT \(ResourceRow.columns) FROM resources WHERE key = ?")
        statement.bind(1, key)
        return try statement.first(ResourceRow.record)
    }

    /// Makes an event's identity again, in the table that it was in.
    private mutating func remember(_ event: Event, at position: Int64, _ tables: [RawStatement]) throws {
        // An id that Martlet derived is nobody's to repeat.
        guard event.id != instance.eventID(at: position) else { return }
        let insertion = tables[identityTables.lastIndex { $0.start <= position } ?? tables.count - 1]
        insertion.bind(1, IdentityHash.second(of: event))
        insertion.bind(2, Int64(bitPattern: hash.digest(of: event)))
        insertion.bind(3, position)
        try insertion.run()
    }

    private func writeResources() throws {
        let insertion = try RawStatement(keeping: ResourceRow.insertion, on: database)
        for (key, record) in records.sorted(by: { $0.key < $1.key }) {
            // A tombstone may have gone by its age, and comes back for as long as that takes again.
            if known[key] == nil, record.deleted == nil {
                rebuild.report.rebuiltResources += 1
                if incomplete.contains(key) {
                    rebuild.report.incompleteResources.append("\(record.type) \(record.id) of \(record.cloud)")
                }
            }
            let document = record.makeDocument()
            try document.withUnsafeBytes { document in
                insertion.bind(1, key)
                insertion.bind(2, latest[key] ?? record.latest.rawValue)
                insertion.bind(3, record.position.rawValue)
                insertion.bind(4, record.deleted?.milliseconds)
                insertion.bind(5, record.cloud)
                insertion.bind(6, record.type)
                insertion.bind(7, record.id)
                insertion.bind(8, record.state)
                insertion.bindInPlace(9, document)
                insertion.bind(10, ResourceRow.checksum(of: record, document: document))
                try insertion.run()
            }
        }
        // A head that leads nowhere is set right: the log says which event was the last.
        var wrong: [(key: Int64, latest: Int64)] = []
        let first = try Int64.fetchOne(database, sql: "SELECT min(position) FROM events") ?? 0
        try RawStatement(database, "SELECT key, latest, position FROM resources").forEach { row in
            let (key, head) = (row.integer(0), row.integer(1))
            if let last = latest[key] {
                if last != head { wrong.append((key, last)) }
            } else if head >= first {
                wrong.append((key, min(row.integer(2), max(0, first - 1))))
            }
            return true
        }
        for (key, head) in wrong {
            try database.execute(sql: "UPDATE resources SET latest = ? WHERE key = ?", arguments: [head, key])
        }
        try database.execute(sql: "INSERT OR IGNORE INTO clouds(cloud) SELECT DISTINCT cloud FROM resources")
    }

    /// Puts on record which positions the log no longer has.
    private func recordLost() throws {
        var last: Int64?
        let found = rebuild.now.nanoseconds
        func record(_ range: ClosedRange<Int64>) throws {
            rebuild.report.lost.append(range)
            try database.execute(
                sql: "INSERT OR REPLACE INTO lost_positions(first, last, found) VALUES(?, ?, ?)",
                arguments: [range.lowerBound, range.upperBound, found]
            )
        }
        // Where retention began is not known of a store that has never been opened by a version that says it.
        last = try RemovedBeginning.read(database)
        let statement = try RawStatement(keeping: "SELECT position FROM events ORDER BY position", on: database)
        try statement.forEach { row in
            let position = row.integer(0)
            if let last, position > last + 1 { try record(last + 1...position - 1) }
            last = position
            return true
        }
        // Whoever has come further knows of events that are no longer there.
        for sql in ["SELECT max(position) FROM dead_letters", "SELECT max(position) FROM parked"] {
            rebuild.floor = max(rebuild.floor, try Int64.fetchOne(database, sql: sql) ?? 0)
        }
        try RawStatement(database, "SELECT \(ForwarderNumbers.columns) FROM forwarders").forEach { row in
            let numbers = ForwarderNumbers(row)
            if numbers.flaw(head: .max) == nil { rebuild.floor = max(rebuild.floor, numbers.cursor) }
            return true
        }
        if let last, rebuild.floor > last { try record(last + 1...rebuild.floor) }
        if last == nil, rebuild.floor > 0 { try record(1...rebuild.floor) }
    }
}
