import Martlet

/// The positions of a range whose events had been removed from the log before a replay came to them.
///
/// The window counts every position between two wanted events as filtered; these are skipped instead.
struct RemovedEvents: Sendable {
    /// Ascending, and not yet counted.
    private var ranges: [ClosedRange<Int64>] = []

    /// Notes what lies between two positions that follow each other in the log.
    mutating func note(after previous: Position, before next: Position) {
        guard next.rawValue - previous.rawValue > 1 else { return }
        ranges.append(previous.rawValue + 1...next.rawValue - 1)
    }

    /// How many there are up to a position, each told once.
    mutating func take(through position: Position) -> Int64 {
        var count: Int64 = 0
        while let first = ranges.first, first.lowerBound <= position.rawValue {
            let end = min(first.upperBound, position.rawValue)
            count += end - first.lowerBound + 1
            ranges.removeFirst()
            if end < first.upperBound { ranges.insert(end + 1...first.upperBound, at: 0) }
        }
        return count
    }
}
