/// Why the broker, or the way to it, did not do what was asked.
package struct AMQPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; new ones may come.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// Nobody answers at the host, or its name is unknown.
        package static let unreachable = Code(rawValue: "amqp.unreachable")
        /// The encrypted connection could not be made: a certificate, a file, a port that does not speak TLS.
        package static let tls = Code(rawValue: "amqp.tls")
        /// User, password or mechanism.
        package static let credentials = Code(rawValue: "amqp.credentials")
        /// There is no such virtual host, or the user may not enter it.
        package static let virtualHost = Code(rawValue: "amqp.virtual-host")
        /// The exchange, queue or binding is not there.
        package static let missing = Code(rawValue: "amqp.missing")
        /// The exchange or queue is there with another type or other arguments.
        package static let inequivalent = Code(rawValue: "amqp.inequivalent")
        /// Another precondition does not hold: an unknown delivery tag, a message larger than the broker takes.
        package static let precondition = Code(rawValue: "amqp.precondition")
        /// The user's permissions do not allow it.
        package static let accessRefused = Code(rawValue: "amqp.access-refused")
        /// A queue is exclusive to another connection, or has an exclusive consumer.
        package static let locked = Code(rawValue: "amqp.locked")
        /// The connection was there and is gone.
        package static let lost = Code(rawValue: "amqp.lost")
        /// No answer in time.
        package static let timedOut = Code(rawValue: "amqp.timed-out")
        /// The broker takes no messages now: its memory or disk alarm is on.
        package static let blocked = Code(rawValue: "amqp.blocked")
        /// The session was closed by its own side, or the task was cancelled.
        package static let closed = Code(rawValue: "amqp.closed")
        /// Anything else; the text tells.
        package static let failed = Code(rawValue: "amqp.failed")
    }

    package var code: Code
    /// What went wrong: `the broker refuses the user “martlet”`.
    package var what: String
    /// Where: `amqp://mq1:5672/`, without credentials.
    package var place: String
    /// What would mend it: `check username and password`.
    package var remedy: String

    package init(_ code: Code, _ what: String, at place: String, remedy: String) {
        self.code = code
        self.what = what
        self.place = place
        self.remedy = remedy
    }

    package var description: String { "\(what) (\(place)): \(remedy)" }
}
