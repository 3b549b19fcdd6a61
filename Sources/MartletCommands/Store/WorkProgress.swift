import Martlet
import MartletStore
import Synchronization

/// One line on standard error that says how far a piece of work is, on terminals only.
///
///     checking the events  ━━━━━━━━━━━━────────  62%
final class WorkProgress: Sendable {
    private static let barWidth = 20
    /// Between two drawings of one phase.
    private static let interval = Duration.milliseconds(100)

    private let context: CommandContext
    private let drawn = Mutex<(phase: String, time: Timestamp)?>(nil)

    init(_ context: CommandContext) { self.context = context }

    func show(_ progress: StoreWork) {
        guard let width = context.terminal.errorWidth else { return }
        let now = context.clock.now()
        let isDue = drawn.withLock { drawn in
            if let last = drawn, last.phase == progress.phase, now - last.time < WorkProgress.interval { return false }
            drawn = (progress.phase, now)
            return true
        }
        guard isDue else { return }
        let line = WorkProgress.line(progress).truncated(to: width - 1)
        // A terminal that went away is no reason not to go on.
        try? context.errors(Array("\r\u{1B}[K\(line.render(inColour: false))".utf8))
    }

    /// Takes the line away.
    func end() {
        guard drawn.withLock({ $0 != nil }) else { return }
        try? context.errors(Array("\r\u{1B}[K".utf8))
    }

    static func line(_ progress: StoreWork) -> StyledText {
        var line = StyledText(progress.phase)
        if progress.total > 0 {
            let share = min(1, max(0, Double(progress.done) / Double(progress.total)))
            let filled = Int(share * Double(barWidth))
            line.append("  " + String(repeating: "━", count: filled))
            line.append(String(repeating: "─", count: barWidth - filled), .dim)
            line.append("  \(Int(share * 100))%")
        } else if progress.done > 0 {
            line.append("  \(Measures.count(progress.done))")
        }
        return line
    }
}
