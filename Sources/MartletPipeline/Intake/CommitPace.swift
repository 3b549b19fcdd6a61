import Martlet

/// How fast groups are committed, and so how long what waits is going to wait.
///
/// Pure: moments by a steady clock go in. Two things are learnt, and the slower one counts: how long a group takes, which is
/// the disk's latency, and how many bytes go by in a second, which is its throughput. A disk that has become slower is
/// believed at once, one that has become quicker by and by: what is let in by mistake waits for long.
struct CommitPace: Sendable {
    /// What is waiting, or was committed.
    struct Amount: Sendable, Hashable {
        var events = 0
        var bytes = 0

        /// The bytes, and what an event costs besides its own.
        fileprivate var weight: Double { Double(bytes) + 512 * Double(events) }
    }

    /// Where nothing has been measured yet: 10 MB/s, and hardly any latency.
    private static let supposedRate = 10e6
    /// A group takes about so long, where the disk is slow: whoever is in it waits for all of it.
    private static let groupSeconds = 0.4
    /// No group is made smaller than this, however slow the disk is, and the first none larger, lest that one takes for ever.
    private static let leastGroupBytes = 256 << 10
    /// How much the last measurement counts against all before, and how much where the disk is slower than was thought: what
    /// is waiting then has been let in already.
    private static let share = 0.4
    private static let shareOfSlower = 0.7
    /// So small a group says nothing about throughput.
    private static let leastWeight = 65_536.0
    /// One commit that hung does not spoil the estimate for long.
    private static let longest = 2.0

    private let groupEvents: Int
    private let maximumGroupBytes: Int
    private var rate = CommitPace.supposedRate
    private var hasMeasured = false
    private var seconds = 0.0
    /// The shortest commit of late, which is latency and nothing else.
    private var latency = 0.0
    private var begun: Timestamp?
    private var underWay = Amount()

    init(groupEvents: Int, groupBytes: Int) {
        self.groupEvents = groupEvents
        maximumGroupBytes = groupBytes
    }

    /// How many bytes to commit at once, at the most.
    var groupBytes: Int {
        guard hasMeasured else { return min(maximumGroupBytes, CommitPace.leastGroupBytes) }
        return min(maximumGroupBytes, max(CommitPace.leastGroupBytes, Int(min(rate * CommitPace.groupSeconds, 1e12))))
    }

    /// A commit of so much begins.
    mutating func begin(_ amount: Amount, at now: Timestamp) { (begun, underWay) = (now, amount) }

    /// The commit that has begun has ended.
    mutating func end(at now: Timestamp) {
        guard let begun else { return }
        let amount = underWay
        (self.begun, underWay) = (nil, Amount())
        // No clock is so fine that a commit takes no time.
        let taken = max((now - begun).inSeconds, 1e-6)
        seconds += CommitPace.share * (min(taken, CommitPace.longest) - seconds)
        latency = latency == 0 ? taken : min(taken, latency * 1.05)
        let isFull = amount.weight >= Double(groupBytes) / 2 || amount.events >= groupEvents / 2
        // One that takes much longer than the shortest ones does so for its bytes.
        guard isFull || (amount.weight >= CommitPace.leastWeight && taken > 2 * latency) else { return }
        let measured = amount.weight / taken
        hasMeasured = true
        if measured < rate {
            // The mean of what a byte takes, not of the bytes in a second: a disk of a hundredth of what was thought would
            // else count as one of a third.
            rate = 1 / (1 / rate + CommitPace.shareOfSlower * (1 / measured - 1 / rate))
        } else {
            rate += CommitPace.share * (measured - rate)
        }
    }

    /// How long something that comes now has to wait until what is before it has been committed.
    func wait(behind waiting: Amount, at now: Timestamp) -> Duration {
        var rest = 0.0
        if let begun {
            let elapsed = max((now - begun).inSeconds, 0)
            // A commit that takes longer than it should may well take as long again.
            rest = abs(max(seconds, underWay.weight / rate) - elapsed)
        }
        let groups = max(
            (waiting.events + groupEvents - 1) / groupEvents,
            (waiting.bytes + groupBytes - 1) / groupBytes
        )
        return .seconds(rest + max(Double(groups) * seconds, waiting.weight / rate))
    }
}
