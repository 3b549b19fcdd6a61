import Martlet

/// What has been found out about the last wanted events of resources, for one stretch of the log and one filter.
///
/// What does not fit is asked for again: a stretch may hold events of a million resources.
struct LatestPositions: Sendable {
    /// Resources at the most; some four megabytes.
    static let capacity = 65_536

    private var through = Position.zero
    private var filter = EventFilter()
    private var positions: [ResourceKey: Position] = [:]

    /// Forgets what has been found out about another stretch, or for another filter.
    mutating func use(through: Position, filter: EventFilter) {
        guard self.through != through || self.filter != filter else { return }
        self = LatestPositions()
        self.through = through
        self.filter = filter
    }

    /// The last wanted event of a resource; `nil` where it is not known.
    subscript(key: ResourceKey) -> Position? { positions[key] }

    /// What is to be looked for, so that all of these are known.
    mutating func searches(for candidates: [(position: Position, key: ResourceKey)]) -> [LatestEventSearch] {
        var searches = missing(candidates)
        guard positions.count + searches.count > Self.capacity else { return searches }
        positions.removeAll(keepingCapacity: true)
        searches = missing(candidates)
        return searches
    }

    mutating func add(_ search: LatestEventSearch) { positions[search.key] = search.found ?? search.after }

    private func missing(_ candidates: [(position: Position, key: ResourceKey)]) -> [LatestEventSearch] {
        var asked: Set<ResourceKey> = []
        return candidates.compactMap { candidate in
            guard positions[candidate.key] == nil, asked.insert(candidate.key).inserted else { return nil }
            return LatestEventSearch(candidate.key, after: candidate.position)
        }
    }
}
