import GRDB
import Martlet
import MartletPipeline

// The index and the delivery state against the log.

extension StoreChecker {
    mutating func checkResources() throws {
        progress(StoreWork("checking the resources"))
        try checkRows(of: .resources, .resources) { "\($0[4]) \($0[5]) of \($0[3])" }
        let naming = instance.map { ResourceNaming(key: $0.hashKey) }
        let occupied = try RawStatement(keeping: "SELECT 1 FROM resources WHERE key = ?", on: database)
        var found: Set<Int64> = []
        let statement = try RawStatement(
            keeping: "SELECT \(ResourceRow.columns), state, deleted FROM resources",
            on: database
        )
        try statement.forEach { row in
            let key = row.integer(0)
            found.insert(key)
            let subject = "\(row.text(4)) \(row.text(5)) of \(row.text(3))"
            do {
                let record = try ResourceRow.record(row)
                if record.state != row.optionalText(7) {
                    report.add(.resources, subject, "its state is not that of its document")
                }
                if record.deleted?.milliseconds != (row.isNull(8) ? nil : row.integer(8)) {
                    report.add(.resources, subject, "its deletion is not that of its document")
                }
            } catch {
                report.add(.resources, subject, "its document cannot be read")
            }
            if row.integer(2) > row.integer(1), !isLost(row.integer(2)) {
                report.add(.resources, subject, "an event has shaped it that comes after its last")
            }
            let head = row.integer(1)
            // A damaged event has been reported where it lies.
            if let last = latest[key], last != head, !damaged.contains(head) {
                report.add(.timelines, subject, "its last event is \(last), not \(row.integer(1))")
            } else if latest[key] == nil, head >= report.first, report.first > 0, !damaged.contains(head) {
                report.add(.timelines, subject, "its last event, \(row.integer(1)), is another's")
            }
            if let naming {
                var place = naming.firstKey(cloud: row.text(3), type: row.text(4), id: row.text(5))
                var isFree = false
                while place != key, !isFree {
                    occupied.bind(1, place)
                    isFree = try occupied.first { _ in true } == nil
                    if !isFree { place = naming.nextKey(after: place) }
                }
                if isFree { report.add(.resources, subject, "it is not found by its name") }
            }
            return true
        }
        try checkMissing(latest.filter { !found.contains($0.key) })
        let unknown = try Int.fetchOne(
            database,
            sql: "SELECT count(DISTINCT cloud) FROM resources WHERE cloud NOT IN (SELECT cloud FROM clouds)"
        )
        if let unknown, unknown > 0 { report.add(.resources, "\(unknown) clouds", "they are missing in the list") }
    }

    /// A resource that events name is missing, but for a tombstone that has gone by its age: its events tell.
    private mutating func checkMissing(_ missing: [Int64: Int64]) throws {
        let decoder = EventDecoder(
            database,
            fragments: FragmentCache(),
            instance: instance ?? StoreInstance(columns: [0, 0, 0])
        )
        let statement = try RawStatement(
            keeping: "SELECT \(EventRow.columns) FROM events WHERE position = ? AND resource = ?",
            on: database
        )
        for (key, last) in missing.sorted(by: { $0.key < $1.key }) {
            var events: [StoredEvent] = []
            var position = last
            while position != 0 {
                statement.bind(1, position)
                statement.bind(2, key)
                // A damaged event has been reported where it lies.
                guard let read = try? statement.first({ try decoder.decode($0) }) else { break }
                events.append(read.event)
                position = read.previous
            }
            let record = ResourceReplay().record(of: events.reversed())
            if let record, record.deleted == nil {
                let subject = "\(record.type) \(record.id) of \(record.cloud)"
                report.add(.resources, subject, "events name it, and it is missing")
            }
        }
    }

    mutating func checkForwarders() throws {
        try checkRows(of: .forwarders, .forwarders) { "forwarder \($0[0])" }
        let statement = try RawStatement(database, "SELECT \(ForwarderNumbers.columns), name, pause FROM forwarders")
        try statement.forEach { row in
            let subject = "forwarder \(row.text(8))"
            if let reason = ForwarderNumbers(row).flaw(head: report.last) { report.add(.forwarders, subject, reason) }
            if let cause = row.optionalText(9), Pause.Cause(rawValue: cause) == nil {
                report.add(.forwarders, subject, "it is paused for no reason that there is")
            }
            return true
        }
    }

    mutating func checkParked() throws {
        try checkRows(of: .parked, .parked) { "position \($0[1]) of forwarder number \($0[0])" }
        let statement = try RawStatement(
            database,
            """
            SELECT parked.forwarder, parked.position, redelivery, forwarders.cursor,
                EXISTS(SELECT 1 FROM events WHERE events.position = parked.position)
            FROM parked LEFT JOIN forwarders ON forwarders.id = parked.forwarder
            """
        )
        try statement.forEach { row in
            let subject = "position \(row.integer(1)) of forwarder number \(row.integer(0))"
            if row.isNull(3) {
                report.add(.parked, subject, "there is no such forwarder")
            } else if row.integer(1) > row.integer(3) {
                report.add(.parked, subject, "the forwarder has not come so far")
            }
            if row.integer(4) == 0, row.integer(2) != 1 {
                report.add(.parked, subject, "its event is not in the log")
            }
            return true
        }
    }

    mutating func checkDeadLetters() throws {
        try checkRows(of: .deadLetters, .deadLetters) { "position \($0[1]) of forwarder number \($0[0])" }
        let decoder = EventDecoder(
            database,
            fragments: FragmentCache(),
            instance: instance ?? StoreInstance(columns: [0, 0, 0])
        )
        let statement = try RawStatement(
            keeping: "SELECT \(EventRow.columns), id, forwarder IN (SELECT id FROM forwarders) FROM dead_letters",
            on: database
        )
        try statement.forEach { row in
            do {
                _ = try decoder.decode(row)
            } catch {
                report.add(.deadLetters, "dead letter \(row.integer(8))", StoreCheck.reason(of: error))
            }
            if row.integer(9) == 0 {
                report.add(.deadLetters, "dead letter \(row.integer(8))", "there is no such forwarder")
            }
            return true
        }
    }
}

/// The numbers of a forwarder, which have to add up (promise 5).
struct ForwarderNumbers: Hashable {
    var start: Int64
    var cursor: Int64
    var delivered: Int64
    var filtered: Int64
    var dead: Int64
    var skipped: Int64
    /// Rows that are there: events waiting behind the cursor, and dead letters.
    var parked: Int64
    var letters: Int64

    var concluded: Int64 { delivered &+ filtered &+ dead &+ skipped &+ parked }

    /// What is wrong with them, without a full stop; `nil` where they add up.
    func flaw(head: Int64) -> String? {
        if start < 0 || start > cursor || cursor > max(head, start) {
            return "its place, \(cursor), is not between its start, \(start), and the head of the log, \(head)"
        }
        if [delivered, filtered, dead, skipped].contains(where: { $0 < 0 }) || concluded != cursor - start {
            return """
                its numbers do not add up: \(cursor - start) events passed, \(delivered) delivered, \(filtered) filtered, \
                \(dead) dead, \(skipped) skipped, \(parked) waiting
                """
        }
        if letters != dead { return "it counts \(dead) dead letters, and has \(letters)" }
        return nil
    }
}
