import Martlet
import MartletStore
import Synchronization

/// One line on standard error that says how far a copy has come; nothing where that is no terminal.
///
///     martlet.backup  copying   ━━━━━━━━━━━━────────  62%  6,200,000 of 10,000,000 events  20 s left
final class StoreProgress: Sendable {
    private static let barWidth = 20
    /// Between two drawings.
    private static let interval = Duration.milliseconds(100)

    private struct State {
        var phase: StoreBackup.Progress.Phase?
        var start: Timestamp
        var drawn: Timestamp?
    }

    private let name: String
    private let context: CommandContext
    private let state: Mutex<State>

    init(name: String, _ context: CommandContext) {
        self.name = name.split(separator: "/").last.map { String($0) } ?? name
        self.context = context
        state = Mutex(State(start: context.clock.now()))
    }

    /// Draws, where it is time to.
    func report(_ progress: StoreBackup.Progress) {
        guard let width = context.terminal.errorWidth else { return }
        let now = context.clock.now()
        let line = state.withLock { state -> StyledText? in
            if state.phase != progress.phase { (state.phase, state.start, state.drawn) = (progress.phase, now, nil) }
            guard state.drawn.map({ now - $0 >= StoreProgress.interval }) ?? true else { return nil }
            state.drawn = now
            return StoreProgress.line(name, progress, elapsed: now - state.start, width: width)
        }
        guard let line else { return }
        let text = "\r\u{1B}[K" + line.render(inColour: context.environment["NO_COLOR"] == nil)
        // What nobody reads any more is no reason to stop copying.
        try? context.errors(Array(text.utf8))
    }

    /// Takes the line away.
    func end() throws {
        guard state.withLock({ $0.drawn != nil }) else { return }
        try context.errors(Array("\r\u{1B}[K".utf8))
    }

    static func line(_ name: String, _ progress: StoreBackup.Progress, elapsed: Duration, width: Int) -> StyledText {
        let share = progress.total > 0 ? min(1, Double(progress.done) / Double(progress.total)) : 1
        let filled = Int(share * Double(barWidth))
        var line = StyledText(name)
        line.append("  " + progress.phase.rawValue.padding(to: 8) + "  ")
        line.append(String(repeating: "━", count: filled), .cyan)
        line.append(String(repeating: "─", count: barWidth - filled), .dim)
        line.append(StyledText("  ") + StyledText("\(Int(share * 100))%").paddedLeft(to: 4))
        line.append("  \(Measures.count(progress.done)) of \(Measures.count(progress.total)) events")
        if elapsed >= .milliseconds(500), progress.done > 0, progress.done < progress.total {
            let left = elapsed.inSeconds * Double(progress.total - progress.done) / Double(progress.done)
            line.append("  \(Measures.remaining(.seconds(left))) left")
        }
        return line.truncated(to: width)
    }
}

extension String {
    fileprivate func padding(to count: Int) -> String {
        self + String(repeating: " ", count: max(0, count - self.count))
    }
}
