import Martlet
import MartletPipeline

/// What a trial has seen, counted.
struct TrialCounts: Sendable {
    struct TypeCount: Sendable, Hashable {
        var type: String
        var count = 0
        /// How many of them report a failure.
        var failures = 0
    }

    /// Types beyond that are counted together: what comes is not ours to bound.
    private static let maximumTypes = 10_000
    private static let maximumReasons = 1_000

    private(set) var events = 0
    private(set) var failures = 0
    private(set) var impossibleTransitions = 0
    private(set) var alerts = 0
    /// Events of types that came after so many others that they have no count of their own.
    private(set) var uncounted = 0
    /// The last event in log order.
    private(set) var latest: Event?
    /// The earliest and the latest moment that the events speak of.
    private(set) var span: ClosedRange<Timestamp>?
    private(set) var unreadable = 0

    private var types: [String: TypeCount] = [:]
    private var resources: Set<ResourceKey> = []
    private var resourceTypes: [String: Int] = [:]
    private var reasons: [String: Int] = [:]

    /// The last position that has been counted.
    private(set) var position = Position.zero
    /// The last item of the quarantine that has been counted.
    private(set) var quarantineID: Int64 = 0

    /// Counts events that follow in log order.
    mutating func add(_ page: [StoredEvent]) {
        for stored in page { add(stored) }
    }

    private mutating func add(_ stored: StoredEvent) {
        let event = stored.event
        events += 1
        position = stored.position
        latest = event
        let hasFailed = event.fields.outcome == .failure
        if hasFailed { failures += 1 }
        if event.fields.isImpossibleTransition { impossibleTransitions += 1 }
        if event.category == .alert { alerts += 1 }
        if let time = event.time {
            span = span.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
        }
        count(event.type, hasFailed: hasFailed)
        if let key = stored.resourceKey, let resource = event.resource, resources.insert(key).inserted {
            resourceTypes[resource.type, default: 0] += 1
        }
    }

    private mutating func count(_ type: String, hasFailed: Bool) {
        guard types.count < Self.maximumTypes || types[type] != nil else { return uncounted += 1 }
        types[type, default: TypeCount(type: type)].count += 1
        if hasFailed { types[type]?.failures += 1 }
    }

    /// Counts items that no format could read, in the order of their ids.
    mutating func add(_ items: [MartletPipeline.QuarantinedItem]) {
        for item in items {
            unreadable += 1
            quarantineID = item.id
            let reason = item.draft.reason
            if reasons.count < Self.maximumReasons || reasons[reason] != nil { reasons[reason, default: 0] += 1 }
        }
    }

    /// How many resources the events speak of.
    var resourceCount: Int { resources.count }

    var typeCount: Int { types.count }

    /// The types that came most often, each with its count; equal ones by name.
    func topTypes(_ limit: Int) -> [TypeCount] {
        Array(types.values.sorted { ($1.count, $0.type) < ($0.count, $1.type) }.prefix(limit))
    }

    /// The types of the resources, those with most of them first.
    func topResourceTypes(_ limit: Int) -> [(type: String, count: Int)] {
        Array(
            resourceTypes.map { (type: $0.key, count: $0.value) }.sorted { ($1.count, $0.type) < ($0.count, $1.type) }
                .prefix(limit)
        )
    }

    /// Why items could not be read, the most frequent reasons first.
    func topReasons(_ limit: Int) -> [(reason: String, count: Int)] {
        Array(
            reasons.map { (reason: $0.key, count: $0.value) }.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
                .prefix(limit)
        )
    }
}
