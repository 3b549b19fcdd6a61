package import Martlet
package import MartletClouds

/// Lists all the resources of a cloud, for a sync.
///
/// It only asks and translates, as an ``Enricher`` does. Nothing is retried, and no answer remembered.
package protocol ResourceInventory: Sendable {
    /// The types it can list, owners before what is theirs.
    var types: [String] { get }

    /// All resources of a type.
    func pages(of type: String) -> any ResourcePages
}

/// The resources of one type, a page at a time.
package protocol ResourcePages: Sendable {
    /// The next page, which may be empty; `nil` behind the last one. What threw may be asked for again.
    ///
    /// - Throws: ``EnricherError``, and ``InventoryRefusal`` where the origin does not show this type at all: nothing is known
    ///   of what is gone then.
    mutating func next() async throws -> [ListedResource]?
}

/// A resource as its origin lists it.
package struct ListedResource: Sendable {
    package var resource: ResourceReference
    package var facts: ResourceFacts

    package init(resource: ResourceReference, facts: ResourceFacts) {
        self.resource = resource
        self.facts = facts
    }
}

/// Why an origin does not list a type of resources: permission, or a service that it has not got.
package struct InventoryRefusal: Error, Hashable, CustomStringConvertible {
    /// What was refused and what would help, without secrets.
    package var description: String
    /// All that the origin shows has been listed; only nobody knows whether that is everything.
    package var isBehindAll: Bool

    package init(_ description: String, isBehindAll: Bool = false) {
        self.description = description
        self.isBehindAll = isBehindAll
    }
}
