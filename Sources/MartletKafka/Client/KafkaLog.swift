import Logging

/// Passes on what librdkafka logs; called on any of its threads.
final class KafkaLog: Sendable {
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// - Parameter level: of syslog, 0 to 7.
    ///
    /// What an operator has to know is told by the component as its state. The library repeats the same for each broker and
    /// each attempt, so that its errors are no more than notices here.
    func write(_ text: String, level: Int32) {
        logger.log(
            level: level <= 3 ? .notice : level <= 5 ? .info : .debug,
            "\(text)",
            metadata: ["library": "librdkafka"]
        )
    }
}
