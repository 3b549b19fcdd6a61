package import Logging
import Martlet

/// Makes an alert of every damaged event that readers come upon: an event of Martlet's own, for whoever looks after the store.
package struct DamageWatch: Sendable {
    private static let interval = Duration.seconds(5)
    /// Positions that one alert names.
    private static let namedPositions = 100

    private let store: any EventStore
    private let intake: Intake
    private let time: any TimeSource
    private let logger: Logger

    package init(store: any EventStore, intake: Intake, time: any TimeSource, logger: Logger) {
        self.store = store
        self.intake = intake
        self.time = time
        self.logger = logger
    }

    /// Watches until the task is cancelled.
    package func run() async throws {
        var told: Set<Position> = []
        var count = 0
        while true {
            try await time.sleep(for: DamageWatch.interval)
            let damage = store.damage
            guard damage.count > count else { continue }
            let new = damage.positions.filter { !told.contains($0) }
            let alert = StoreAlert(
                .damaged,
                """
                \(damage.count - count) events in the store are damaged and are not delivered. `martlet store check` says what \
                else is, `martlet store repair` mends what can be.
                """,
                details: [
                    "count": "\(damage.count - count)",
                    "positions": new.prefix(DamageWatch.namedPositions).map(\.description).joined(separator: " "),
                ]
            )
            do {
                _ = try await intake.submit(IntakeBatch(alert: alert.event(at: time.now)))
                told.formUnion(new)
                count = damage.count
            } catch {
                logger.error(
                    "The alert of damaged events could not be stored; it is tried again.",
                    metadata: ["error": "\(error)"]
                )
            }
        }
    }
}
