package import Martlet
package import MartletClouds
package import MartletJSON

/// What one transaction commits: batches of events, and what forwarders have achieved since their last.
package struct CommitGroup: Sendable {
    package var batches: [IntakeBatch]
    package var progress: [ForwarderProgress]
    /// When the group is committed: the `recordedtime` of its events. Never smaller than the group's before.
    package var recordedTime: Timestamp

    package init(batches: [IntakeBatch], progress: [ForwarderProgress] = [], recordedTime: Timestamp) {
        self.batches = batches
        self.progress = progress
        self.recordedTime = recordedTime
    }
}

/// What a source hands over at once; it is acknowledged as a whole.
package struct IntakeBatch: Sendable {
    package var source: String
    package var items: [IntakeItem]
    /// How far the source's transport has been read with this batch, one for each of its parts; they become part of the
    /// commit (promise 4).
    package var checkpoints: [Checkpoint]
    /// Items of the quarantine that this batch reads again: those whose event is committed leave it, in the same commit.
    package var resolvedQuarantine: [Int64]
    /// What has been found out of resources: it shapes the index behind the items, and is no event.
    package var knowledge: [ResourceKnowledge] = []
    /// What a cloud's API has said of its resources, to be compared with the index.
    package var sync: SyncBatch?

    package init(
        source: String,
        items: [IntakeItem],
        checkpoints: [Checkpoint] = [],
        resolvedQuarantine: [Int64] = []
    ) {
        self.source = source
        self.items = items
        self.checkpoints = checkpoints
        self.resolvedQuarantine = resolvedQuarantine
    }

    /// What has been found out of resources, by itself.
    package init(knowledge: [ResourceKnowledge]) {
        self.init(source: AlertEvent.sourceName, items: [])
        self.knowledge = knowledge
    }

    /// The payload bytes held, for bounding memory.
    package var byteCount: Int {
        items.reduce(0) { $0 + $1.byteCount } + knowledge.reduce(0) { $0 + ($1.facts.details?.count ?? 0) }
            + (sync?.byteCount ?? 0)
    }
}

/// A place in a source's transport: the offset of a file, the next offset of a partition.
package struct Checkpoint: Sendable, Hashable {
    package var key: String
    package var value: String
    /// Whether the positions that the batch is given are appended to the value, as `first-last`, nothing where it is given
    /// none: so that a source can find again what it has committed and not acknowledged.
    package var includesPositions: Bool

    package init(key: String, value: String, includesPositions: Bool = false) {
        self.key = key
        self.value = value
        self.includesPositions = includesPositions
    }

    /// The value to store for a batch that was given these positions.
    package func value(for positions: ClosedRange<Int64>?) -> String {
        guard includesPositions, let positions else { return value }
        return "\(value)\(positions.lowerBound)-\(positions.upperBound)"
    }
}

/// One item of a batch.
package enum IntakeItem: Sendable {
    /// An event, and what it tells the index; in a box, since a batch is copied from array to array on its way.
    indirect case event(Event, ResourceFacts?)
    /// Bytes that the format could not read.
    case unreadable(QuarantineDraft)

    package var byteCount: Int {
        switch self {
        case .event(let event, _): event.payload.original.count
        case .unreadable(let draft): draft.bytes.count
        }
    }
}

/// Bytes that no format could read, about to be kept with the reason (promise 12).
package struct QuarantineDraft: Sendable {
    package var bytes: Bytes
    package var reason: String
    package var routingKey: String?
    package var headers: [String: String]

    package init(bytes: Bytes, reason: String, routingKey: String? = nil, headers: [String: String] = [:]) {
        self.bytes = bytes
        self.reason = reason
        self.routingKey = routingKey
        self.headers = headers
    }
}

/// What became of a group.
package struct CommitResult: Sendable {
    /// In the order of the group's batches.
    package var receipts: [CommitReceipt]
    /// The events committed, ascending without holes, for feeding forwarders that have caught up.
    package var events: [StoredEvent]
    /// The last position of the log after the commit.
    package var head: Position

    package init(receipts: [CommitReceipt], events: [StoredEvent], head: Position) {
        self.receipts = receipts
        self.events = events
        self.head = head
    }
}

/// What became of one batch.
package struct CommitReceipt: Sendable, Hashable {
    package var accepted = 0
    /// Same identity and same content as one stored before.
    package var duplicates = 0
    package var quarantined = 0
    /// Events whose transition contradicts the state machine or the index.
    package var impossibleTransitions = 0
    /// Events older than what the index knew.
    package var stale = 0
    /// What became of the batch's observations, in their order.
    package var sync: [SyncOutcome] = []
    /// The position of the last event of the batch; of the event it repeats, where all are duplicates.
    package var lastPosition: Position?

    package init() {}
}
