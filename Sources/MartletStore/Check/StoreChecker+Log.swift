import GRDB
import Martlet
import MartletPipeline

extension StoreChecker {
    /// Each event against its checksum, the positions against each other, the time lines, and the identities.
    mutating func checkEvents() throws {
        let bounds = try RawStatement(database, "SELECT min(position), max(position) FROM events")
            .first { row in (first: row.integer(0), last: row.integer(1)) }
        // An empty log has neither.
        guard let (first, last) = bounds, last > 0 else { return }
        (report.first, report.last) = (first, last)
        try readLostPositions()
        var identities = try IdentityCheck(database, tables: identityTables, instance: instance)
        let decoder = EventDecoder(
            database,
            fragments: FragmentCache(),
            instance: instance ?? StoreInstance(columns: [0, 0, 0])
        )
        var position = first - 1
        var recorded = Int64.min
        while position < last {
            do {
                try checkEvents(after: &position, &recorded, decoder, &identities)
                break
            } catch {
                // SQLite cannot go on here; what lies behind the damage is looked at all the same.
                let next = nextReadable(after: position, through: last)
                report.add(
                    .events,
                    next == position + 2 ? "position \(position + 1)" : "positions \(position + 1) to \(next - 1)",
                    "they cannot be read: \(StoreCheck.reason(of: error))"
                )
                position = next - 1
            }
        }
        identities.finish(&report)
    }

    private mutating func checkEvents(
        after position: inout Int64,
        _ recorded: inout Int64,
        _ decoder: EventDecoder,
        _ identities: inout IdentityCheck
    ) throws {
        let statement = try RawStatement(
            database,
            "SELECT \(EventRow.columns) FROM events WHERE position > ? ORDER BY position"
        )
        statement.bind(1, position)
        let total = report.last - report.first + 1
        try statement.forEach { row in
            let fixed = EventRow(row)
            if fixed.position > position + 1 { reportMissing(position + 1...fixed.position - 1) }
            position = fixed.position
            report.rows["events", default: 0] += 1
            if position % 8_192 == 0 {
                progress(StoreWork("checking the events", position - report.first, of: total))
            }
            do {
                let (stored, _) = try decoder.decode(row)
                checkLinks(of: fixed)
                if fixed.recorded < recorded {
                    report.add(.events, "position \(position)", "it was recorded before the one before it")
                }
                recorded = fixed.recorded
                try identities.check(stored.event, at: position, &report)
            } catch let error as StoreError where error.code == .damagedEvent {
                damaged.insert(position)
                report.add(.events, "position \(position)", EventDecoder.flaw(of: error))
            }
            return true
        }
    }

    /// An event names the event of its resource before it.
    private mutating func checkLinks(of row: EventRow) {
        guard row.resource != 0 else { return }
        let known = latest.updateValue(row.position, forKey: row.resource)
        // A resource whose tombstone has gone begins a new line; before the first of the log is what retention has removed.
        let isRight =
            row.previous == 0 || damaged.contains(row.previous)
            || known.map { $0 == row.previous } ?? (row.previous < report.first || isLost(row.previous))
        if !isRight {
            report.add(
                .timelines,
                "position \(row.position)",
                "it goes on from position \(row.previous), not from \(known.map { "\($0)" } ?? "none")"
            )
        }
    }

    private mutating func readLostPositions() throws {
        guard try database.tableExists("lost_positions") else { return }
        try RawStatement(database, "SELECT first, last FROM lost_positions ORDER BY first").forEach { row in
            let (first, last) = (row.integer(0), row.integer(1))
            if first <= last { report.lost.append(first...last) }
            return true
        }
    }

    func isLost(_ position: Int64) -> Bool { report.lost.contains { $0.contains(position) } }

    /// What is missing and not on record as lost.
    private mutating func reportMissing(_ range: ClosedRange<Int64>) {
        var start = range.lowerBound
        for lost in report.lost where lost.overlaps(range) {
            if lost.lowerBound > start { addMissing(start...lost.lowerBound - 1) }
            start = max(start, lost.upperBound + 1)
        }
        if start <= range.upperBound { addMissing(start...range.upperBound) }
    }

    private mutating func addMissing(_ range: ClosedRange<Int64>) {
        report.add(
            .missingEvents,
            range.count == 1 ? "position \(range.lowerBound)" : "positions \(range.lowerBound) to \(range.upperBound)",
            "nothing is there"
        )
    }

    /// The first position after one from which SQLite can read on: behind the end where there is none.
    private func nextReadable(after position: Int64, through last: Int64) -> Int64 {
        func isReadable(_ position: Int64) -> Bool {
            do {
                let probe = try RawStatement(
                    database,
                    "SELECT \(EventRow.columns) FROM events WHERE position >= ? LIMIT 1"
                )
                probe.bind(1, position)
                return try probe.first { $0.bytes(7).count } != nil
            } catch {
                return false
            }
        }
        var step: Int64 = 1
        var (bad, good) = (position + 1, position + 1)
        repeat {
            good = position + 1 + step
            if good > last {
                good = last + 1
            } else if !isReadable(good) {
                (bad, step) = (good, step * 2)
            } else {
                break
            }
        } while good <= last
        while good - bad > 1 {
            let middle = bad + (good - bad) / 2
            if middle <= last, isReadable(middle) { good = middle } else { bad = middle }
        }
        return good
    }
}
