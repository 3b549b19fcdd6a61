package import Martlet
package import MartletClouds

/// What the cloud's API has said of a resource, to be compared with the index in a commit.
package struct SyncObservation: Sendable {
    package var subject: ResourceSubject
    /// `nil` where the origin does not have the resource any more.
    package var facts: ResourceFacts?
    /// The head of the log when the origin was asked: what later events say is newer.
    package var asked: Position
    /// When that was.
    package var time: Timestamp

    package init(subject: ResourceSubject, facts: ResourceFacts?, asked: Position, time: Timestamp) {
        self.subject = subject
        self.facts = facts
        self.asked = asked
        self.time = time
    }
}

/// Observations that one commit compares with the index, in order; what differs becomes an event in the same commit.
package struct SyncBatch: Sendable {
    /// The kind of the cloud, the first word of the topics: `openstack`.
    package var origin: String
    package var observations: [SyncObservation]
    /// What shapes the index and is no event.
    package var silent: Set<SyncFinding>
    /// How many events may be made; what would be one more is left for a later batch.
    package var maximumEvents: Int

    package init(
        origin: String,
        observations: [SyncObservation],
        silent: Set<SyncFinding>,
        maximumEvents: Int
    ) {
        self.origin = origin
        self.observations = observations
        self.silent = silent
        self.maximumEvents = maximumEvents
    }

    /// The bytes held, for bounding memory.
    var byteCount: Int { observations.reduce(0) { $0 + 256 + ($1.facts?.details?.count ?? 0) } }
}

/// What became of one observation.
package struct SyncOutcome: Sendable, Hashable {
    package var found: SyncFinding
    /// What differs; empty where nothing does.
    package var differences = SyncDifferences()
    /// The resource in the index; `nil` where the index has none.
    package var key: ResourceKey?
    /// Nothing was done: as many events as may be had been made.
    package var isPostponed = false

    package init(found: SyncFinding, key: ResourceKey?) {
        self.found = found
        self.key = key
    }
}

/// How a resource at its origin compares with the index.
package enum SyncFinding: String, Sendable, CaseIterable {
    /// As the index has it, or only more of it than the index knew.
    case unchanged
    /// The index knew something else.
    case changed
    /// The index did not have it, or took it for deleted.
    case created
    /// The origin does not have it any more.
    case deleted
    /// An event has come since the origin was asked: what that says counts.
    case newer

    package var isDifference: Bool { self == .changed || self == .created || self == .deleted }
}

extension IntakeBatch {
    /// What a cloud's API has said of its resources, by itself.
    package init(sync: SyncBatch) {
        self.init(source: AlertEvent.sourceName, items: [])
        self.sync = sync
    }
}
