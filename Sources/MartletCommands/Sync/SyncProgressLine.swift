import Martlet
import MartletClient

/// One line that says how far a sync has come.
///
///     sync 3  ━━━━━━━━────────────  2 of 5 types  Volume  6,200 read  12 changed  3 new  1 gone  4 newer  420/s
struct SyncProgressLine: RunProgress {
    /// Looks over which the speed is taken.
    private static let memory = 20
    /// Below that, a speed says nothing.
    private static let leastTime = Duration.milliseconds(900)

    private var sync: SyncAnswer
    private var looks: [(time: Timestamp, read: Int)] = []

    init(_ sync: SyncAnswer, at now: Timestamp) {
        self.sync = sync
        note(sync, at: now)
    }

    mutating func note(_ sync: SyncAnswer, at now: Timestamp) {
        self.sync = sync
        looks.append((now, sync.counts.read))
        if looks.count > Self.memory { looks.removeFirst() }
    }

    func line(now: Timestamp, width: Int) -> StyledText {
        let done = sync.types.count { $0.state != "waiting" && $0.state != "reading" }
        var line = StyledText("sync \(sync.id)  ")
        line.append(ProgressLine.bar(sync.types.isEmpty ? 1 : Double(done) / Double(sync.types.count)))
        line.append("  \(done) of \(sync.types.count) types")
        if sync.phase == "missing" {
            line.append("  looking for what is gone")
            if let current = sync.current { line.append(" of \(current)") }
        } else if let current = sync.current {
            line.append("  \(current)")
        }
        line.append("  \(Measures.count(sync.counts.read)) read")
        line.append(SyncPage.findings(sync.counts, separator: "  "))
        if !sync.incomplete.isEmpty { line.append("  \(sync.incomplete.count) not readable", .red) }
        if let speed { line.append(speed) }
        return line.truncated(to: width)
    }

    private var speed: StyledText? {
        guard let first = looks.first, let last = looks.last, last.time - first.time >= Self.leastTime else {
            return nil
        }
        return StyledText("  \(Measures.rate(Double(last.read - first.read) / (last.time - first.time).inSeconds))/s")
    }
}
