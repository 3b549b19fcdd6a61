package import Martlet
package import MartletClouds

/// Asks a cloud's API what the index lacks of a resource, after the commit.
///
/// It only asks and translates. Time-outs, concurrency, what is asked again and when, and what becomes of an answer are the
/// business of ``Enrichment``.
package protocol Enricher: Sendable {
    /// The cloud whose resources it knows.
    var cloud: String { get }

    /// Whether it can ask for resources of this type.
    func knows(_ type: String) -> Bool

    /// What the origin says of a resource now; `nil` where it does not know the resource.
    ///
    /// - Throws: ``EnricherError`` where there was no answer.
    func facts(of resource: ResourceReference) async throws -> ResourceFacts?

    /// As ``facts(of:)``, for whom `nil` means that the resource is gone.
    ///
    /// - Throws: ``EnricherError`` where there was no answer, that or ``InventoryRefusal`` where the origin refuses to say.
    func confirmedFacts(of resource: ResourceReference) async throws -> ResourceFacts?

    /// How all resources of the cloud are listed; `nil` where it cannot list any.
    var inventory: (any ResourceInventory)? { get }

    /// What is not as it should be though it answers, and what would help, without secrets; `nil` where nothing is.
    var warning: String? { get }

    /// Lets go of its connections.
    func close() async
}

extension Enricher {
    package var inventory: (any ResourceInventory)? { nil }
    package var warning: String? { nil }

    package func confirmedFacts(of resource: ResourceReference) async throws -> ResourceFacts? {
        try await facts(of: resource)
    }
}

/// Why an enricher has no answer.
package struct EnricherError: Error, Hashable, CustomStringConvertible {
    /// What went wrong and what would help, without secrets.
    package var description: String
    /// How long the origin asks to be left alone.
    package var retryAfter: Duration?

    package init(_ description: String, retryAfter: Duration? = nil) {
        self.description = description
        self.retryAfter = retryAfter
    }
}

/// An enricher that a configuration can name.
package protocol EnricherType: Enricher {
    static var description: ComponentDescription { get }

    /// Checks the settings and makes the enricher; reaches no network.
    ///
    /// - Throws: ``ComponentError`` for what the description cannot express.
    init(settings: ComponentSettings, context: ComponentContext) throws

    /// What is not wrong with the settings, but worth a word; what is wrong is thrown. Reaches no network.
    static func check(_ settings: ComponentSettings, context: ComponentContext) throws -> [ComponentWarning]
}

extension EnricherType {
    package static func check(_ settings: ComponentSettings, context: ComponentContext) throws -> [ComponentWarning] {
        _ = try Self(settings: settings, context: context)
        return []
    }
}
