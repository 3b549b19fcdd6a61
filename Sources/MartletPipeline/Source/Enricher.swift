package import Martlet

/// Fetches what the index lacks from the cloud's API, into the index, after the commit.
///
/// Bounded in time and concurrency; what could not be fetched is marked, never a lost or blocked event.
package protocol Enricher: Sendable {
    /// The cloud whose resources it knows.
    var cloud: String { get }

    /// What the origin says of a resource now; `nil` where it does not know the resource.
    func document(of resource: ResourceReference) async throws -> [UInt8]?
}
