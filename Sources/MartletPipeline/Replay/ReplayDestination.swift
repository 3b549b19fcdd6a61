import Martlet

/// Where a replay goes, and what becomes of its events on the way.
package struct ReplayDestination: Sendable {
    /// Its own instance: the live forwarder's connection is not touched.
    package var sink: any Sink
    package var gate: Gate
    package var body: BodyForm
    /// All of them must accept an event.
    package var filters: [EventFilter]
    package var order: DeliveryWindow.Configuration.Order
    package var retry: RetryPolicy

    package init(
        sink: any Sink,
        gate: Gate = Gate(),
        body: BodyForm = .enriched,
        filters: [EventFilter] = [],
        order: DeliveryWindow.Configuration.Order = .resource,
        retry: RetryPolicy = RetryPolicy()
    ) {
        self.sink = sink
        self.gate = gate
        self.body = body
        self.filters = filters
        self.order = order
        self.retry = retry
    }

    func accepts(_ event: Event) -> Bool { filters.allSatisfy { $0.accepts(event) } }
}

/// What can be told of a replay's definition without making its sink.
package struct ReplayOutline: Sendable {
    /// The forwarder to whose destination it goes; `nil` where it has a sink of its own.
    package var forwarder: String?
    /// The kind of the sink.
    package var sink: String
    /// All of them must accept an event.
    package var filters: [EventFilter]

    package init(forwarder: String?, sink: String, filters: [EventFilter]) {
        self.forwarder = forwarder
        self.sink = sink
        self.filters = filters
    }
}

/// Reads the definitions of replays: what a forwarder is today, and what a sink of its own is made of.
package protocol ReplayDefinitionReader: Sendable {
    /// Checks a definition, and makes nothing.
    ///
    /// - Throws: what is wrong with it: `.invalid` or `.unknownForwarder`.
    func outline(of definition: [UInt8]) throws(ReplayError) -> ReplayOutline

    /// Makes what a replay needs, by the configuration of this moment.
    ///
    /// - Parameter name: how the replay's connections are called.
    func destination(for definition: [UInt8], name: String) throws(ReplayError) -> ReplayDestination

    /// The definition without its secrets, in JSON.
    func redacted(_ definition: [UInt8]) -> [UInt8]
}

/// For a pipeline that replays nothing.
struct NoReplayDefinitions: ReplayDefinitionReader {
    private static let error = ReplayError(.invalid, "There are no replays here.")

    func outline(of definition: [UInt8]) throws(ReplayError) -> ReplayOutline { throw NoReplayDefinitions.error }

    func destination(for definition: [UInt8], name: String) throws(ReplayError) -> ReplayDestination {
        throw NoReplayDefinitions.error
    }

    func redacted(_ definition: [UInt8]) -> [UInt8] { Array("{}".utf8) }
}

/// Why something is not done with a replay.
package struct ReplayError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The definition is wrong; `field` says where.
        case invalid
        case unknownForwarder
        case unknown
        /// It has ended, or another decision about it is being carried out.
        case conflict
        /// As many run as may.
        case tooMany
        /// Martlet is stopping.
        case stopped
    }

    package var code: Code
    package var reason: String
    /// The keys that lead to what is wrong: `sink.webhook.url`.
    package var field: String?

    package init(_ code: Code, _ reason: String, field: String? = nil) {
        self.code = code
        self.reason = reason
        self.field = field
    }

    package var description: String { reason }
}
