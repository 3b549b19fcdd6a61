import GRDB
import Martlet
import MartletPipeline

// How the delivery state is read from its rows.

extension DeliveryCounts {
    init(_ row: Row) {
        self.init()
        delivered = row["delivered"]
        filtered = row["filtered"]
        dead = row["dead"]
        skipped = row["skipped"]
    }
}

extension Pause {
    /// The pause of a forwarder's row, if it has one.
    init?(_ row: Row) {
        guard let cause = (row["pause"] as String?).flatMap(Cause.init(rawValue:)) else { return nil }
        self.init(cause: cause, reason: row["pause_reason"] ?? "")
    }
}

extension ForwarderRecord {
    init(_ row: Row, parked: [ParkedDelivery]) {
        self.init(
            id: ForwarderID(rawValue: row["id"]),
            name: row["name"],
            start: Position(rawValue: row["start"]),
            cursor: Position(rawValue: row["cursor"]),
            counts: DeliveryCounts(row),
            pause: Pause(row),
            lastError: row["last_error"],
            parked: parked
        )
    }
}

extension ForwarderStatus {
    /// The row of a forwarder with the number of its parked deliveries.
    init(_ row: Row, head: Int64, oldestPending: Timestamp?) {
        let start: Int64 = row["start"]
        let cursor: Int64 = row["cursor"]
        let parked: Int64 = row["parked"]
        self.init(
            id: ForwarderID(rawValue: row["id"]),
            name: row["name"],
            committed: head - start,
            counts: DeliveryCounts(row),
            pending: head - cursor + parked,
            parked: parked,
            cursor: Position(rawValue: cursor),
            pause: Pause(row),
            lastError: row["last_error"],
            oldestPending: oldestPending
        )
    }
}

extension ParkedDelivery {
    /// What a forwarder has parked, ascending.
    static func fetch(of forwarder: Int64, _ database: Database) throws -> [ParkedDelivery] {
        try Row.fetchAll(
            database,
            sql: "SELECT * FROM parked WHERE forwarder = ? ORDER BY position",
            arguments: [forwarder]
        ).map { row in
            ParkedDelivery(
                position: Position(rawValue: row["position"]),
                lane: (row["lane"] as Int64?).map(ResourceKey.init(rawValue:)),
                unit: (row["unit"] as Int64?).map(Position.init(rawValue:)),
                attempts: row["attempts"],
                due: Timestamp(nanoseconds: row["due"]),
                reason: row["reason"],
                isRedelivery: row["redelivery"]
            )
        }
    }
}
