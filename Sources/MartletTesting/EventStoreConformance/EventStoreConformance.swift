import Martlet
package import MartletPipeline

/// Runs every clause of ``EventStore``'s contract against a store.
package struct EventStoreConformance: Sendable {
    package typealias Body = @Sendable (any EventStore) async throws -> Void

    private let withStore: @Sendable (Body) async throws -> Void
    private let catchUp: @Sendable (any EventStore) async throws -> Void

    /// - Parameters:
    ///   - catchUp: brings up to date what may trail: the full text.
    ///   - withStore: lends an empty store.
    package init(
        catchUp: @escaping @Sendable (any EventStore) async throws -> Void = { _ in },
        withStore: @escaping @Sendable (Body) async throws -> Void
    ) {
        self.catchUp = catchUp
        self.withStore = withStore
    }

    /// One promise of the contract, for the argument of a test.
    package struct Clause: Sendable, CustomStringConvertible {
        package let description: String
        let body: @Sendable (StoreProbe) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (StoreProbe) async throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Every promise.
        package static let all = log + identity + index + delivery + quarantine + retention + replays + sync
    }

    /// Runs one clause on a store of its own.
    package func run(_ clause: Clause) async throws {
        try await withStore { try await clause.body(StoreProbe($0, catchUp: catchUp)) }
    }
}
