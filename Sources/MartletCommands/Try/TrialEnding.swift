import MartletClient

/// The last lines: why it ended, what the numbers mean, and what to do next.
struct TrialEnding {
    let ending: TrialWatch.Ending
    let counts: TrialCounts
    let limits: TrialWatch.Limits

    init(_ ending: TrialWatch.Ending, _ counts: TrialCounts, _ limits: TrialWatch.Limits) {
        self.ending = ending
        self.counts = counts
        self.limits = limits
    }

    /// Lines of less than eighty columns.
    var lines: [StyledText] {
        var lines: [StyledText] = []
        if ending == .space {
            let size = Measures.size(Int(limits.bytes))
            lines.append(StyledText("Stopped at \(size) of temporary store: there is more to read.", .yellow))
        }
        if counts.impossibleTransitions > 0 {
            lines.append(
                StyledText(
                    "An impossible transition means that an event before it was lost, or overtaken, on its way here.",
                    .yellow
                )
            )
        }
        if counts.unreadable > 0, counts.events == 0 {
            lines.append(
                StyledText("None of it could be read: is it something else than CloudStack's events?", .yellow)
            )
        }
        lines.append(StyledText("Nothing was kept here, and nothing was changed at the broker.", .dim))
        if counts.events > 0 {
            lines.append(
                StyledText("To keep it: martlet setup cloudstack, then martlet serve --config martlet.yaml", .dim)
            )
        }
        return lines
    }
}
