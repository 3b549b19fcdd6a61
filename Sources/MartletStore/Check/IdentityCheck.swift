import GRDB
import Martlet
import MartletPipeline

/// Compares what redelivered events are known by with the events themselves.
struct IdentityCheck {
    private var hash: IdentityHash
    private let statements: [RawStatement]
    private let isKnown: Bool
    /// Identities whose event is in the log, and how many of them were found by their event.
    private var expected = 0
    private var found = 0
    /// Older events have none any more.
    private var first = Int64.max
    private var last: Int64 = 0
    private let head: Int64
    private var strange = 0

    init(_ database: Database, tables: [String], instance: StoreInstance?) throws {
        isKnown = instance != nil
        hash = IdentityHash(key: (instance ?? StoreInstance(columns: [0, 0, 0])).hashKey)
        statements = try tables.map {
            try RawStatement(
                keeping: "SELECT position FROM \($0) WHERE second = ? AND digest = ?",
                on: database
            )
        }
        let start = try Int64.fetchOne(database, sql: "SELECT min(position) FROM events") ?? 1
        head = try Int64.fetchOne(database, sql: "SELECT max(position) FROM events") ?? 0
        for table in tables {
            try RawStatement(database, "SELECT position FROM \(table)").forEach { row in
                let position = row.integer(0)
                if position > head || position < 1 {
                    strange += 1
                } else if position >= start {
                    expected += 1
                    first = min(first, position)
                    last = max(last, position)
                }
                return true
            }
        }
    }

    mutating func check(_ event: Event, at position: Int64, _ report: inout StoreReport) throws {
        guard isKnown, position >= first else { return }
        let second = IdentityHash.second(of: event)
        let digest = Int64(bitPattern: hash.digest(of: event))
        for statement in statements.reversed() {
            statement.bind(1, second)
            statement.bind(2, digest)
            // Another position is that of the copy that came first.
            if let known = try statement.first({ $0.integer(0) }) {
                if known == position { found += 1 }
                return
            }
        }
    }

    /// Reports the identities that no event has.
    func finish(_ report: inout StoreReport) {
        guard isKnown else { return }
        if strange > 0 {
            report.add(.identities, "\(strange) of them", "they are of positions that the log does not have")
        }
        if found < expected {
            report.add(.identities, "\(expected - found) of \(expected)", "they are not those of their events")
        }
    }
}
