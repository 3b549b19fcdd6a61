import GRDB
import Martlet
import MartletPipeline

// How the delivery state is read from its rows.

extension DeliveryCounts {
    init(_ row: Row) throws {
        self.init()
        delivered = try row.value("delivered")
        filtered = try row.value("filtered")
        dead = try row.value("dead")
        skipped = try row.value("skipped")
    }
}

extension Pause {
    /// The pause of a forwarder's row, if it has one.
    init?(_ row: Row) throws {
        guard let cause = (try row.optional("pause") as String?).flatMap(Cause.init(rawValue:)) else { return nil }
        self.init(cause: cause, reason: try row.optional("pause_reason") ?? "")
    }
}

extension ForwarderRecord {
    init(_ row: Row, parked: [ParkedDelivery]) throws {
        self.init(
            id: ForwarderID(rawValue: try row.value("id")),
            name: try row.value("name"),
            start: Position(rawValue: try row.value("start")),
            cursor: Position(rawValue: try row.value("cursor")),
            counts: try DeliveryCounts(row),
            pause: try Pause(row),
            lastError: try row.optional("last_error"),
            parked: parked
        )
    }
}

extension ForwarderStatus {
    /// The row of a forwarder with the number of its parked deliveries.
    init(_ row: Row, head: Int64, oldestPending: Timestamp?) throws {
        let start: Int64 = try row.value("start")
        let cursor: Int64 = try row.value("cursor")
        let parked: Int64 = try row.value("parked")
        self.init(
            id: ForwarderID(rawValue: try row.value("id")),
            name: try row.value("name"),
            committed: head - start,
            counts: try DeliveryCounts(row),
            pending: head - cursor + parked,
            parked: parked,
            cursor: Position(rawValue: cursor),
            pause: try Pause(row),
            lastError: try row.optional("last_error"),
            oldestPending: oldestPending
        )
    }
}

extension ParkedDelivery {
    /// How it is marked when it leaves, as it is on disk, in the column `redelivery`.
    var mark: Int64 {
        get { isRedelivery ? 1 : isResynchronised ? 2 : 0 }
        set { (isRedelivery, isResynchronised) = (newValue == 1, newValue == 2) }
    }

    /// What a forwarder has parked, ascending.
    static func fetch(of forwarder: Int64, _ database: Database) throws -> [ParkedDelivery] {
        try Row.fetchAll(
            database,
            sql: "SELECT * FROM parked WHERE forwarder = ? ORDER BY position",
            arguments: [forwarder]
        ).map { row in
            var delivery = ParkedDelivery(
                position: Position(rawValue: try row.value("position")),
                lane: (try row.optional("lane") as Int64?).map(ResourceKey.init(rawValue:)),
                unit: (try row.optional("unit") as Int64?).map(Position.init(rawValue:)),
                attempts: try row.value("attempts"),
                due: Timestamp(nanoseconds: try row.value("due")),
                reason: try row.value("reason"),
                isRedelivery: false
            )
            delivery.mark = try row.value("redelivery")
            return delivery
        }
    }
}
