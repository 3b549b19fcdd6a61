import Martlet
import MartletClient

/// One line that says how far a replay has come.
///
///     replay 3  ━━━━━━━━━━━━────────  62%  6,200 of 10,000  5,800 delivered  2 failed  200 events/s  20 s left
struct ReplayProgressLine: RunProgress {
    /// Looks over which the speed is taken.
    private static let memory = 20
    /// Below that, a speed says nothing.
    private static let leastTime = Duration.milliseconds(900)

    private struct Look {
        var time: Timestamp
        var scanned: Int
        var delivered: Int
    }

    private var replay: ReplayAnswer
    private var looks: [Look] = []

    init(_ replay: ReplayAnswer, at now: Timestamp) {
        self.replay = replay
        note(replay, at: now)
    }

    /// Takes in how it stands now.
    mutating func note(_ replay: ReplayAnswer, at now: Timestamp) {
        self.replay = replay
        looks.append(Look(time: now, scanned: replay.scanned, delivered: replay.delivered))
        if looks.count > Self.memory { looks.removeFirst() }
    }

    func line(now: Timestamp, width: Int) -> StyledText {
        var line = StyledText("replay \(replay.id)  ")
        let share = replay.total > 0 ? min(1, Double(replay.scanned) / Double(replay.total)) : 1
        line.append(ProgressLine.bar(share))
        line.append(StyledText("  ") + StyledText("\(Int(share * 100))%").paddedLeft(to: 4))
        line.append("  \(Measures.count(replay.scanned)) of \(Measures.count(replay.total))")
        line.append("  \(Measures.count(replay.delivered)) delivered")
        if replay.failed > 0 { line.append("  \(Measures.count(replay.failed)) failed", .red) }
        if replay.parked > 0 { line.append("  \(Measures.count(replay.parked)) retrying", .yellow) }
        if replay.skipped > 0 { line.append("  \(Measures.count(replay.skipped)) skipped", .yellow) }
        if replay.state == "unavailable" { line.append("  the destination takes nothing", .yellow) }
        if let speed { line.append(speed) }
        return line.truncated(to: width)
    }

    private var speed: StyledText? {
        guard let first = looks.first, let last = looks.last, last.time - first.time >= Self.leastTime else {
            return nil
        }
        let seconds = (last.time - first.time).inSeconds
        var text = StyledText("  \(Measures.rate(Double(last.delivered - first.delivered) / seconds)) events/s")
        if last.scanned > first.scanned, replay.scanned < replay.total {
            let left = seconds * Double(replay.total - replay.scanned) / Double(last.scanned - first.scanned)
            text.append("  \(Measures.remaining(.seconds(left))) left")
        }
        return text
    }
}
