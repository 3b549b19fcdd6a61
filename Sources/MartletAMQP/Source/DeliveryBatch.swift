import MartletPipeline

/// Deliveries, read, in the order in which they came, on their way to one commit.
struct DeliveryBatch: Sendable {
    var items: [IntakeItem] = []
    /// Of the events without an id among the items.
    var hashes: [UInt64] = []
    /// Dropped by an `ignore` pattern.
    var ignored = 0
    /// Repetitions that are not handed over.
    var duplicates = 0
    /// Deliveries in it, whatever became of them.
    var count = 0
    var byteCount = 0
    /// The last delivery's tag.
    var tag: UInt64 = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ other: DeliveryBatch) {
        items += other.items
        hashes += other.hashes
        ignored += other.ignored
        duplicates += other.duplicates
        count += other.count
        byteCount += other.byteCount
        tag = max(tag, other.tag)
    }
}
