package import Martlet

/// A stretch of the log of which a forwarder sends the last event of each resource only, after its destination was away.
package struct Resynchronisation: Sendable, Hashable {
    /// The stretch begins after this position.
    package var from: Position
    /// The last position of the stretch.
    package var through: Position
    /// The events that were skipped because a later one of their resource, within the stretch, is sent.
    package var skipped: Int64

    package init(from: Position, through: Position, skipped: Int64 = 0) {
        self.from = from
        self.through = through
        self.skipped = skipped
    }
}
