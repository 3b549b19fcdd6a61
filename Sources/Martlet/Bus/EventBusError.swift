/// Why a bus refused something, or a subscription failed.
public struct EventBusError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure. New kinds may be added: a switch needs a default.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The stable name: `bus-overflow`.
        public let description: String

        private init(_ name: String) { description = name }

        /// A subscriber did not keep up, and had chosen to fail then: ``EventBusError/pendingCount``.
        public static let overflow = Code("bus-overflow")
        /// There is no subscription of this id, or there is none any more.
        public static let unknownSubscription = Code("bus-unknown-subscription")
        /// A subscription was asked for without any pattern.
        public static let noPatterns = Code("bus-no-patterns")
        /// A subscription was asked for with options that cannot be.
        public static let invalidOptions = Code("bus-invalid-options")
        /// The broker behind the bus cannot be reached, or refused.
        public static let unavailable = Code("bus-unavailable")
    }

    /// The kind of failure.
    public let code: Code
    /// A sentence fragment for the reader of a log.
    public let reason: String
    /// How many events were pending, and are lost, when the subscription failed.
    public let pendingCount: Int?
    /// What the transport said.
    public let underlying: (any Error)?

    /// An error of this kind, with the reason.
    public init(_ code: Code, _ reason: String, pendingCount: Int? = nil, underlying: (any Error)? = nil) {
        self.code = code
        self.reason = reason
        self.pendingCount = pendingCount
        self.underlying = underlying
    }

    /// The kind, the reason and what the transport said.
    public var description: String {
        underlying.map { "\(code): \(reason) (\($0))" } ?? "\(code): \(reason)"
    }

    static func overflow(pending: Int) -> EventBusError {
        EventBusError(
            .overflow,
            "the subscriber did not keep up, and \(pending) events were pending",
            pendingCount: pending
        )
    }

    static func unknownSubscription(_ id: EventSubscription.ID) -> EventBusError {
        EventBusError(.unknownSubscription, "there is no subscription \(id)")
    }
}
