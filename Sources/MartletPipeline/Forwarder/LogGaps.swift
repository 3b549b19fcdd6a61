import Martlet

/// Finds what a page of the log lacks: positions are without holes, but for what has been removed.
enum LogGaps {
    /// The positions after `position` up to `through` that no event of the page has, as stretches.
    static func between(
        _ position: Position,
        _ page: some Sequence<StoredEvent>,
        through: Position
    ) -> [ClosedRange<Int64>] {
        var gaps: [ClosedRange<Int64>] = []
        var last = position.rawValue
        for event in page where event.position.rawValue > last {
            if event.position.rawValue > last + 1 { gaps.append(last + 1...event.position.rawValue - 1) }
            last = event.position.rawValue
        }
        if through.rawValue > last { gaps.append(last + 1...through.rawValue) }
        return gaps
    }
}
