/// A broker as a check and a probe need it: looked at, written to, read from.
protocol Broker: Sendable {
    /// Where it is, without credentials.
    var place: String { get }

    /// What it looks like; changes nothing. A broker that cannot be reached is a finding, too.
    func findings() async -> [Finding]

    /// Writes a message to something of Martlet's own, and reads it back. On Kafka that is a topic, and it stays.
    ///
    /// - Throws: ``BrokerFailure``.
    func roundTrip() async throws

    /// Whether there is what CloudStack publishes to: an exchange comes into being with its first event.
    ///
    /// - Throws: ``BrokerFailure``.
    func isReadable() async throws -> Bool

    /// Reads what CloudStack publishes from now on, for as long as `use` runs. It is called when reading has begun, so that nothing
    /// that happens in it is missed.
    ///
    /// - Throws: ``BrokerFailure``, and what `use` throws.
    func withBodies<Result: Sendable>(
        _ use: @escaping @Sendable (AsyncStream<[UInt8]>) async throws -> Result
    ) async throws -> Result
}

extension Broker {
    func isReadable() async throws -> Bool { true }
}

/// Why a broker did not do what was asked.
struct BrokerFailure: Error, Sendable, Hashable {
    /// What went wrong, without credentials.
    var what: String
    var place: String
    var remedy: String

    /// As a finding of a check.
    func finding(_ subject: String) -> Finding {
        .problem(subject, "\(what.capitalizedSentence) (\(place)).", remedy: remedy.capitalizedSentence + ".")
    }
}

extension String {
    /// With a capital at the start and without a full stop at the end, so that a sentence can be made of it.
    fileprivate var capitalizedSentence: String {
        let whole = hasSuffix(".") ? String(dropLast()) : self
        return whole.prefix(1).uppercased() + whole.dropFirst()
    }
}
