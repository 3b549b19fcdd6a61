/// The committed copies of events without an id whose acknowledgement may not have reached the broker; pure.
///
/// Promise 4 is kept here: a message that the broker marks redelivered consumes one committed, unsettled copy of its hash,
/// never more. A copy is settled when the broker has answered on the same channel after its acknowledgement. What a
/// session leaves unsettled may come again in the next one: it is kept until a message that is not redelivered has
/// come, been acknowledged, and settled, because everything that comes again comes before that.
struct UnsettledCopies: Sendable {
    private struct Entry {
        var range: ClosedRange<Int64>
        var hashes: [UInt64]
        /// The last delivery of its batch, within the session that acknowledged it.
        var tag: UInt64
    }

    /// Of sessions before this one.
    private var old: [Entry] = []
    /// Of this session, by rising tags.
    private var current: [Entry] = []
    /// How many old copies of each hash nothing has consumed in this session.
    private var available: [UInt64: Int] = [:]
    /// The first delivery of this session that is not redelivered.
    private var firstFresh: UInt64?

    /// Whether a round trip to the broker could settle something.
    var awaitsSettlement: Bool { !current.isEmpty || !old.isEmpty && firstFresh != nil }

    /// The positions of all copies, as the checkpoint names them.
    var positions: PositionRanges {
        var positions = PositionRanges()
        for entry in old { positions.add(entry.range) }
        for entry in current { positions.add(entry.range) }
        return positions
    }

    /// Takes what an earlier process left, as the log gave it back.
    mutating func restore(range: ClosedRange<Int64>, hashes: [UInt64]) {
        old.append(Entry(range: range, hashes: hashes, tag: 0))
        makeAvailable()
    }

    /// A new session begins: whatever is unsettled may come again.
    mutating func beginSession() {
        old += current
        current = []
        firstFresh = nil
        makeAvailable()
    }

    private mutating func makeAvailable() {
        available = [:]
        for entry in old {
            for hash in entry.hashes { available[hash, default: 0] += 1 }
        }
    }

    /// A delivery has come; they come by rising tags.
    mutating func saw(tag: UInt64, isRedelivered: Bool) {
        if !isRedelivered, firstFresh == nil { firstFresh = tag }
    }

    /// Whether a redelivered message repeats a committed one; then that copy is used up.
    mutating func consume(_ hash: UInt64) -> Bool {
        guard let count = available[hash] else { return false }
        available[hash] = count > 1 ? count - 1 : nil
        return true
    }

    /// A batch has been committed, and is being acknowledged up to this tag.
    mutating func add(range: ClosedRange<Int64>, hashes: [UInt64], tag: UInt64) {
        current.append(Entry(range: range, hashes: hashes, tag: tag))
    }

    /// The broker has answered after the acknowledgement of this tag.
    mutating func settle(upTo tag: UInt64) {
        current.removeAll { $0.tag <= tag }
        if let firstFresh, firstFresh <= tag {
            old = []
            available = [:]
        }
    }
}
