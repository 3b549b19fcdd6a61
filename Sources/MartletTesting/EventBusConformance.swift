package import Martlet

/// Runs every clause of ``EventBus``'s contract against a bus.
///
/// Nothing is assumed about how long a bus takes: each clause waits for a condition, and fails when a deadline passes.
/// That something is *not* delivered is shown by a later event that is. Each clause publishes below a word of its own,
/// so that a shared broker can serve them all.
package struct EventBusConformance: Sendable {
    /// What a bus promises beyond the contract.
    package struct Features: OptionSet, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Nothing is delivered twice, not even after a reconnection.
        package static let exactlyOnce = Features(rawValue: 1 << 0)
        /// `publish` itself waits for a slow subscriber; with a broker between, the subscriber's bus does.
        package static let slowsPublishers = Features(rawValue: 1 << 1)
    }

    package typealias Body = @Sendable (any EventBus) async throws -> Void

    package var features: Features
    /// How long a clause may wait for any one condition.
    package var deadline = Duration.seconds(120)
    private let withBus: @Sendable (Body) async throws -> Void

    /// The suite for buses that need nothing but to be made.
    package init(features: Features, makeBus: @escaping @Sendable () async throws -> any EventBus) {
        self.init(features: features) { body in try await body(makeBus()) }
    }

    /// The suite for buses that live in a scope, a connection's for instance.
    package init(features: Features, withBus: @escaping @Sendable (Body) async throws -> Void) {
        self.features = features
        self.withBus = withBus
    }

    /// One promise of the contract, for the argument of a test.
    package struct Clause: Sendable, CustomStringConvertible {
        package let description: String
        let body: @Sendable (BusProbe) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (BusProbe) async throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Every promise.
        package static let all = routing + order + overflow + ending
    }

    /// Runs one clause on a bus of its own.
    package func run(_ clause: Clause) async throws {
        try await withBus { bus in
            try await clause.body(BusProbe(bus: bus, features: features, deadline: deadline))
        }
    }
}
