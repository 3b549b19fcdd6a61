/// An event's place in the log: strictly rising, never reused, without holes for a reader (promise 3).
///
/// Positions start at 1; `Position.zero` is before the first event.
public struct Position: RawRepresentable, Sendable, Hashable, Comparable {
    /// Counted from 1 in a log; 0 is before the first event.
    public var rawValue: Int64

    /// A position by its number.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// The place before the first event.
    public static let zero = Position(rawValue: 0)

    /// Whether one position is before another.
    public static func < (left: Position, right: Position) -> Bool { left.rawValue < right.rawValue }

    /// The position `distance` events further on.
    public func advanced(by distance: Int64) -> Position { Position(rawValue: rawValue + distance) }
}

extension Position: LosslessStringConvertible {
    /// Reads the decimal form that the API shows; `nil` for anything else.
    public init?(_ description: String) {
        guard let value = Int64(description), value >= 0 else { return nil }
        self.init(rawValue: value)
    }

    /// The decimal form that the API shows.
    public var description: String { String(rawValue) }
}
