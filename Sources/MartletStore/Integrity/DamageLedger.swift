import Logging
import Martlet
package import MartletPipeline
import Synchronization

/// The damaged events that readers have come upon, each told once.
final class DamageLedger: Sendable {
    private let positions = Mutex<Set<Int64>>([])
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    var damage: StoreDamage {
        let positions = positions.withLock { $0 }
        return StoreDamage(
            count: positions.count,
            positions: positions.sorted().prefix(StoreDamage.maximumPositions).map(Position.init(rawValue:))
        )
    }

    func add(_ position: Int64, _ error: StoreError) {
        guard positions.withLock({ $0.insert(position).inserted }) else { return }
        logger.error(
            "An event is damaged, and is not delivered; `martlet store check` tells more.",
            metadata: ["position": "\(position)", "error": "\(error)"]
        )
    }

    /// The event of the row that a statement stands on; `nil` where it is damaged, which is noted.
    ///
    /// - Throws: ``StoreError`` where the file cannot be read, which says nothing of this one event.
    func wholeEvent(_ row: RawStatement, _ decoder: EventDecoder) throws -> (event: StoredEvent, previous: Int64)? {
        do {
            return try decoder.decode(row)
        } catch let error as StoreError where error.code == .damagedEvent {
            add(row.integer(0), error)
            return nil
        }
    }
}

extension SQLiteEventStore {
    package var damage: StoreDamage { ledger.damage }
}
