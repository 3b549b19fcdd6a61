import Martlet

/// One line that says how far a long file has been published.
///
///     events.jsonl  ━━━━━━━━━━━━────────  62%  6.2 MiB of 10 MiB  12,400 events/s  20 s left
struct PublishProgress {
    private static let barWidth = 20
    /// Between two drawings.
    private static let interval = Duration.milliseconds(100)
    /// Below that, a rate says nothing.
    private static let leastTime = Duration.milliseconds(500)

    let name: String
    /// In bytes, where it is known.
    let total: Int?
    let start: Timestamp
    private var drawn: Timestamp?

    init(name: String, total: Int?, start: Timestamp) {
        self.name = name
        self.total = total
        self.start = start
    }

    /// Whether it is time to draw again.
    mutating func isDue(at now: Timestamp) -> Bool {
        guard drawn.map({ now - $0 >= Self.interval }) ?? true else { return false }
        drawn = now
        return true
    }

    var isDrawn: Bool { drawn != nil }

    func line(bytes: Int, events: Int, now: Timestamp, width: Int) -> StyledText {
        let elapsed = now - start
        var line = StyledText(name.split(separator: "/").last.map { String($0) } ?? name)
        line.append("  ")
        if let total, total > 0 {
            let share = min(1, Double(bytes) / Double(total))
            let filled = Int(share * Double(Self.barWidth))
            line.append(String(repeating: "━", count: filled), .cyan)
            line.append(String(repeating: "─", count: Self.barWidth - filled), .dim)
            let percent = "\(Int(share * 100))%"
            line.append(StyledText("  ") + StyledText(percent).paddedLeft(to: 4))
            line.append("  \(Measures.size(bytes)) of \(Measures.size(total))")
        } else {
            line.append("\(Measures.size(bytes))  \(Measures.count(events)) events")
        }
        guard elapsed >= Self.leastTime else { return line.truncated(to: width) }
        line.append("  \(Measures.rate(Double(events) / elapsed.inSeconds)) events/s")
        if let total, bytes > 0, bytes < total {
            let left = elapsed.inSeconds * Double(total - bytes) / Double(bytes)
            line.append("  \(Measures.remaining(.seconds(left))) left")
        }
        return line.truncated(to: width)
    }
}

extension StyledText {
    static func + (left: StyledText, right: StyledText) -> StyledText {
        var sum = left
        sum.append(right)
        return sum
    }
}
