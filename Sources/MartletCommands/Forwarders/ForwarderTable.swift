import Martlet
import MartletClient

/// Forwarders with the five numbers of promise 5: committed = delivered + filtered + dead + skipped + pending.
struct ForwarderTable {
    let now: Timestamp
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

    /// Why it is paused, what went wrong last, and when it tries again.
    private func remarks(_ forwarder: ForwarderAnswer) -> [StyledText] {
        var remarks: [(text: String, style: TextStyle)] = []
        if let reason = forwarder.pauseReason {
            remarks.append(("paused: \(reason); to go on: martlet forwarders resume \(forwarder.name)", .yellow))
        }
        if let position = forwarder.resynchronisedThrough {
            let text = "after an outage: only the last event of each resource up to position \(position)"
            remarks.append((text, .yellow))
        }
        if let error = forwarder.lastError { remarks.append((prefix(forwarder) + error, .red)) }
        return remarks.flatMap { remark in
            Prose.lines(
                remark.text,
                width: width,
                indent: StyledText("  \(forwarder.name): "),
                style: remark.style
            )
        }
    }

    /// `unavailable for 3 m, next try in 12 s: `
    private func prefix(_ forwarder: ForwarderAnswer) -> String {
        var parts: [String] = []
        if let since = forwarder.unavailableSince { parts.append("unavailable for \(Measures.duration(now - since))") }
        if let next = forwarder.nextAttempt {
            parts.append(next > now ? "next try in \(Measures.duration(next - now))" : "trying again now")
        }
        return parts.isEmpty ? "" : parts.joined(separator: ", ") + ": "
    }

    private static func style(of state: String) -> TextStyle {
        switch state {
        case "running": .green
        case "unavailable": .red
        case "retired": .dim
        default: .yellow
        }
    }
}
