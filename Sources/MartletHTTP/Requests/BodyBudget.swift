import Synchronization

/// The bytes that the bodies of all requests under way may hold together.
///
/// A body counts from its first byte on until its request has been answered, for what is made of it takes memory too.
final class BodyBudget: Sendable {
    private let limit: Int
    private let held = Mutex(0)

    init(limit: Int) { self.limit = limit }

    /// The bytes held now.
    var heldBytes: Int { held.withLock { $0 } }

    /// Takes bytes; tells whether they were there.
    func take(_ count: Int) -> Bool {
        held.withLock { held in
            guard held + count <= limit else { return false }
            held += count
            return true
        }
    }

    /// Gives bytes back.
    func give(_ count: Int) { held.withLock { $0 -= count } }
}
