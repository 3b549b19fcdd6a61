package import Logging

/// What the user says of a trial besides the address.
package struct TrialOptions: Sendable {
    /// Where nothing is said: CloudStack's own.
    static let standardExchange = "cloudstack-events"

    package var format: TrialFormat
    package var logger: Logger
    /// RabbitMQ's exchanges; ``standardExchange`` where there is none.
    package var exchanges: [String] = []
    /// What to bind to each of them; everything where there is none.
    package var bindings: [String] = []

    package init(format: TrialFormat, logger: Logger) {
        self.format = format
        self.logger = logger
    }
}
