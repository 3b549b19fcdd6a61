package import Martlet

/// What readers of a store have found damaged since it was opened.
///
/// A damaged event is never served: readers leave it out, and forwarders count it as skipped.
package struct StoreDamage: Sendable, Hashable {
    /// How many positions, those that are not named any more included.
    package var count: Int
    /// The positions, ascending; no more than ``maximumPositions``.
    package var positions: [Position]

    package static let maximumPositions = 10_000

    package init(count: Int = 0, positions: [Position] = []) {
        self.count = count
        self.positions = positions
    }
}

extension EventStore {
    /// A store that keeps its events in memory has none.
    package var damage: StoreDamage { StoreDamage() }
}
