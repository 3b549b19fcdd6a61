public import MartletJSON

/// One message of a transport: the bytes, and what the transport said about them.
public struct Message: Sendable {
    /// The whole body of this one event.
    public var bytes: Bytes
    /// The body as parsed JSON, where it is JSON; one parse serves a whole batch.
    public var json: JSONValue?
    /// The broker's routing key, or `X-Martlet-Topic`.
    public var routingKey: String?
    /// The transport's headers, names in lower case.
    public var headers: [String: String]

    /// One message as a transport received it.
    public init(bytes: Bytes, json: JSONValue?, routingKey: String? = nil, headers: [String: String] = [:]) {
        self.bytes = bytes
        self.json = json
        self.routingKey = routingKey
        self.headers = headers
    }
}

/// What the configuration of a source says about every event that comes through it.
public struct Origin: Sendable, Hashable {
    /// The source's name in the configuration.
    public var sourceName: String
    /// The cloud that its events belong to; the source's name where nothing else is said.
    public var cloud: String
    /// The region within the cloud.
    public var region: String?

    /// A source by its name in the configuration.
    public init(sourceName: String, cloud: String? = nil, region: String? = nil) {
        self.sourceName = sourceName
        self.cloud = cloud ?? sourceName
        self.region = region
    }
}

/// Reads one kind of message as an ``Event``.
///
/// A format is pure: no clock, no network, no state. It never refuses what is merely unknown (promise 13): an event type,
/// state, field or version never seen before passes through. It throws only where no event can be made of the bytes, and
/// the caller puts them into the quarantine with the reason. Known credentials are cut from the payload, and the event is
/// marked as redacted (promise 9).
public protocol Format: Sendable {
    /// The name in the configuration: `cloudstack`, `cloudevents`.
    static var name: String { get }

    /// Reads one message.
    ///
    /// - Throws: ``FormatError`` with the reason why this is no event of this format.
    func decode(_ message: Message, from origin: Origin) throws(FormatError) -> Event
}

/// Why bytes are no event of a format.
public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence fragment for the operator: `the attribute "type" is missing`.
    public var reason: String

    /// A reason, for the operator.
    public init(_ reason: String) { self.reason = reason }

    /// The reason.
    public var description: String { reason }
}
