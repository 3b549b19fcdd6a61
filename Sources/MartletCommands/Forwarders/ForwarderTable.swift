import MartletClient

/// Forwarders with the five numbers of promise 5: committed = delivered + filtered + dead + skipped + pending.
struct ForwarderTable {
    let width: Int?

    func lines(for forwarders: [ForwarderAnswer]) -> [StyledText] {
        var table = Table([
            .flexible("name"), .left("state"), .right("committed"), .right("delivered"), .right("filtered"),
            .right("dead"), .optional("skipped"), .right("pending"), .optional("parked"), .right("lag"),
        ])
        for forwarder in forwarders { table.add(cells(forwarder)) }
        return table.lines(width: width) + forwarders.flatMap(remarks)
    }

    private func cells(_ forwarder: ForwarderAnswer) -> [StyledText] {
        [
            StyledText(forwarder.name), StyledText(forwarder.state, Self.style(of: forwarder.state)),
            StyledText(Measures.count(forwarder.committed)), StyledText(Measures.count(forwarder.delivered)),
            StyledText(Measures.count(forwarder.filtered)),
            StyledText(Measures.count(forwarder.dead), forwarder.dead > 0 ? .red : .plain),
            StyledText(Measures.count(forwarder.skipped)), StyledText(Measures.count(forwarder.pending)),
            StyledText(Measures.count(forwarder.parked)),
            StyledText(forwarder.lag.map { Measures.duration($0) } ?? ""),
        ]
    }

    /// Why it is paused, and what went wrong last; as much as the line holds.
    private func remarks(_ forwarder: ForwarderAnswer) -> [StyledText] {
        var remarks: [StyledText] = []
        if let reason = forwarder.pauseReason { remarks.append(StyledText("paused: \(reason)", .yellow)) }
        if let error = forwarder.lastError { remarks.append(StyledText(error, .red)) }
        return remarks.map { (StyledText("  \(forwarder.name): ") + $0).truncated(to: width ?? .max) }
    }

    private static func style(of state: String) -> TextStyle {
        switch state {
        case "running": .green
        case "unavailable": .red
        default: .yellow
        }
    }
}
