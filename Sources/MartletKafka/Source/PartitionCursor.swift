/// How far one partition has been read, and what a record that comes is: pure.
///
/// A partition is taken up one record before the place that the store knows: only if that record is the one that was read then,
/// the topic is the same. What is gone or another topic's is never passed over in silence: it becomes a ``Jump``.
struct PartitionCursor: Sendable {
    /// What to do with a record.
    enum Verdict: Sendable {
        /// It is next.
        case take
        /// It has been read before, or the partition stands still until it has been sent elsewhere.
        case pass
        /// It is not the record that was read at its offset: the topic was made anew.
        case stranger
    }

    /// A place to go on at, other than the next.
    enum Jump: Sendable, Hashable {
        /// Nothing is known to be missing: the record before was removed, which proves nothing, or is to be seen again first.
        case unverified
        /// Retention has removed these offsets before they were read.
        case overtaken(Range<Int64>)
        /// The topic was made anew or cut: the place in it that was next, and what it holds now.
        case recreated(next: Int64, now: Range<Int64>)
    }

    private(set) var generation = 1
    /// The offset to read next; `nil` while that is whatever is oldest.
    private(set) var next: Int64?
    private var fingerprint: Fingerprint?
    private var isVerified = true
    private var isHalted = false
    /// Whether the record before the next turned out to be another.
    private var isStrange = false
    /// Whether it was sent back to the record before the next, which its bounds held then.
    private var hasGoneBack = false

    /// At a place that a commit has stored.
    init(at place: KafkaPlace) {
        generation = place.generation
        next = place.next
        fingerprint = place.fingerprint
        isVerified = place.fingerprint == nil || place.next == 0
    }

    /// At an offset, or at the oldest record.
    init(startingAt offset: Int64?) { next = offset }

    /// Where the consumer is to begin.
    var start: KafkaOffset {
        guard let next else { return .beginning }
        return .at(isVerified ? next : next - 1)
    }

    /// What a commit stores; `nil` while nothing has been read.
    var place: KafkaPlace? { next.map { KafkaPlace(generation: generation, next: $0, fingerprint: fingerprint) } }

    /// Whether it still waits to see again what it has read last.
    var awaitsProof: Bool { !isVerified && !isHalted }

    /// Takes the next record that comes.
    mutating func judge(_ record: KafkaRecord) -> Verdict {
        guard !isHalted else { return .pass }
        guard let expected = next else {
            next = record.offset + 1
            return .take
        }
        if !isVerified, record.offset == expected - 1 {
            isStrange = Fingerprint(of: record) != fingerprint
            isVerified = !isStrange
            isHalted = isStrange
            hasGoneBack = false
            return isStrange ? .stranger : .pass
        }
        guard record.offset >= expected else { return .pass }
        (isVerified, hasGoneBack) = (true, false)
        next = record.offset + 1
        return .take
    }

    /// Notes which record was the last one taken.
    mutating func hasTaken(_ record: KafkaRecord) { fingerprint = Fingerprint(of: record) }

    /// Stands still: where it is there is nothing to read.
    mutating func halt() { isHalted = true }

    /// Decides where to go on, by what the partition holds now. It stands still until ``goOn()``: records may still come from
    /// where it was.
    mutating func jump(within bounds: Range<Int64>) -> Jump {
        defer { (isHalted, isStrange) = (true, false) }
        isVerified = true
        guard let expected = next else {
            next = bounds.lowerBound
            return .unverified
        }
        if isStrange || expected > bounds.upperBound {
            generation += 1
            (next, fingerprint) = (bounds.lowerBound, nil)
            return .recreated(next: expected, now: bounds)
        }
        if expected < bounds.lowerBound {
            (next, fingerprint) = (bounds.lowerBound, nil)
            return .overtaken(expected..<bounds.lowerBound)
        }
        // A topic that was made anew may have grown past the place meanwhile: where the record before is there, it has to show
        // itself. Where it does not within these bounds, it was removed from between its neighbours.
        hasGoneBack = fingerprint != nil && expected > bounds.lowerBound && !hasGoneBack
        isVerified = !hasGoneBack
        return .unverified
    }

    /// What comes from now on is from where it has jumped to.
    mutating func goOn() { isHalted = false }
}
