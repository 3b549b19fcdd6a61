/// Why Kafka, or the way to it, did not do what was asked.
package struct KafkaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; new ones may come.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// No broker answers, or not in time.
        package static let unreachable = Code(rawValue: "kafka.unreachable")
        /// The encrypted connection could not be made.
        package static let tls = Code(rawValue: "kafka.tls")
        /// User, password or mechanism.
        package static let credentials = Code(rawValue: "kafka.credentials")
        /// The topic or the partition is not there.
        package static let missing = Code(rawValue: "kafka.missing")
        /// The user's rights do not allow it.
        package static let accessRefused = Code(rawValue: "kafka.access-refused")
        /// The consumer group does not take this member, or has given its place away.
        package static let group = Code(rawValue: "kafka.group")
        /// The partition does not hold the offset.
        package static let outOfRange = Code(rawValue: "kafka.out-of-range")
        /// The message is larger than a limit.
        package static let tooLarge = Code(rawValue: "kafka.too-large")
        /// librdkafka refuses a property or its value.
        package static let configuration = Code(rawValue: "kafka.configuration")
        /// The client cannot go on; a new one can.
        package static let fatal = Code(rawValue: "kafka.fatal")
        /// The client was closed by its own side, or the task was cancelled.
        package static let closed = Code(rawValue: "kafka.closed")
        /// Anything else; the text tells.
        package static let failed = Code(rawValue: "kafka.failed")
    }

    package var code: Code
    /// What went wrong: `no broker answers`.
    package var what: String
    /// Where: `kafka://k1:9092`, without credentials.
    package var place: String
    /// What would mend it.
    package var remedy: String
    /// librdkafka's own number, for those who have to know exactly; zero where it has none.
    package var libraryCode: Int32
    /// The topic that it is about, where it is one.
    package var topic: String?

    package init(
        _ code: Code,
        _ what: String,
        at place: String,
        remedy: String,
        libraryCode: Int32 = 0,
        topic: String? = nil
    ) {
        self.code = code
        self.what = what
        self.place = place
        self.remedy = remedy
        self.libraryCode = libraryCode
        self.topic = topic
    }

    package var description: String { "\(what) (\(place)): \(remedy)" }

    static func closed(at place: String) -> KafkaError {
        KafkaError(.closed, "the client has been closed", at: place, remedy: "open another one")
    }
}
