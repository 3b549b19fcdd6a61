package import Martlet

/// What a sync has come to so far.
package struct SyncStatus: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        case running
        /// All types have been gone through; which of them could not be read, they say themselves.
        case finished
        /// Somebody or something ended it.
        case stopped
        /// It could not go on.
        case failed
    }

    /// What it does at the moment.
    package enum Phase: String, Sendable {
        case listing
        /// Looking for what the index has and the origin has not.
        case missing
    }

    package var id: SyncID
    package var request: SyncRequest
    package var cloud: String
    package var state = State.running
    package var phase = Phase.listing
    /// The type that is being read.
    package var current: String?
    package var created: Timestamp
    package var ended: Timestamp?
    /// Why it was stopped or failed.
    package var reason: String?
    package var types: [SyncTypeStatus]
    /// Events committed.
    package var events = 0
    /// The first of what differed.
    package var differences: [SyncDifference] = []

    /// How many of those are kept.
    package static let maximumDifferences = 100

    package init(id: SyncID, request: SyncRequest, cloud: String, types: [String], created: Timestamp) {
        self.id = id
        self.request = request
        self.cloud = cloud
        self.created = created
        self.types = types.map { SyncTypeStatus(type: $0) }
    }

    /// The numbers of all types.
    package var total: SyncCounts { types.reduce(into: SyncCounts()) { $0 += $1.counts } }
}

/// What a sync has come to with the resources of one type.
package struct SyncTypeStatus: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        case waiting
        case reading
        /// All that there are have been read.
        case listed
        /// Read, and what is gone has been looked for.
        case complete
        /// The origin does not show them.
        case refused
        /// The origin did not answer to the end.
        case failed
        /// So many are missing that none was taken for deleted.
        case doubtful
    }

    package var type: String
    package var state = State.waiting
    /// Whether it has never been read completely before: nothing of it becomes an event.
    package var isFirst = false
    package var counts = SyncCounts()
    /// Why it is not complete, and what would help.
    package var reason: String?

    package init(type: String) { self.type = type }
}

/// Resources by what was found.
package struct SyncCounts: Sendable, Hashable {
    /// Listed by the origin: unchanged + changed + created + newer, and those that the origin itself calls deleted.
    package var read = 0
    package var unchanged = 0
    package var changed = 0
    package var created = 0
    package var deleted = 0
    /// Skipped, because an event has said something newer meanwhile.
    package var newer = 0
    /// Missing, without the origin having confirmed that they are gone.
    package var unconfirmed = 0

    package init() {}

    mutating func add(_ found: SyncFinding) {
        switch found {
        case .unchanged: unchanged += 1
        case .changed: changed += 1
        case .created: created += 1
        case .deleted: deleted += 1
        case .newer: newer += 1
        }
    }

    package static func += (left: inout SyncCounts, right: SyncCounts) {
        left.read += right.read
        left.unchanged += right.unchanged
        left.changed += right.changed
        left.created += right.created
        left.deleted += right.deleted
        left.newer += right.newer
        left.unconfirmed += right.unconfirmed
    }
}

/// One resource that differed.
package struct SyncDifference: Sendable, Hashable {
    package var resource: ResourceReference
    package var name: String?
    package var found: SyncFinding
    package var differences: SyncDifferences
}
