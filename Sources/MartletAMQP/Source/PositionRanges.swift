/// Positions of the log as a checkpoint holds them: `5-9 12-30 `, each with a blank behind it or at the end.
struct PositionRanges: Sendable, Hashable {
    private(set) var ranges: [ClosedRange<Int64>] = []

    init() {}

    /// Reads a checkpoint; what is no range is passed over.
    init(_ text: String) {
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "-", omittingEmptySubsequences: false)
            let ends = parts.compactMap { Int64($0) }
            guard parts.count == 2, ends.count == 2, ends[0] > 0, ends[0] <= ends[1] else { continue }
            add(ends[0]...ends[1])
        }
    }

    /// Adds a range; one that follows the last immediately lengthens it.
    mutating func add(_ range: ClosedRange<Int64>) {
        if let last = ranges.last, last.upperBound < Int64.max, last.upperBound + 1 == range.lowerBound {
            ranges[ranges.count - 1] = last.lowerBound...range.upperBound
        } else {
            ranges.append(range)
        }
    }

    /// What another range can be appended to.
    var text: String { ranges.map { "\($0.lowerBound)-\($0.upperBound) " }.joined() }
}
