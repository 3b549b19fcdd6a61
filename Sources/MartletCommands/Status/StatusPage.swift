import Martlet
import MartletClient

/// How a server is doing, as a page for people.
struct StatusPage {
    let address: String
    let now: Timestamp
    let width: Int?

    func lines(for status: StatusAnswer) -> [StyledText] {
        var lines = [heading(status), store(status)]
        if let kept = kept(status) { lines.append(kept) }
        if !status.sources.isEmpty { lines += [StyledText(), StyledText("SOURCES", .bold)] + sources(status.sources) }
        if !status.forwarders.isEmpty {
            lines += [StyledText(), StyledText("FORWARDERS", .bold)]
            lines += ForwarderTable(width: width).lines(for: status.forwarders)
        }
        return lines
    }

    private func heading(_ status: StatusAnswer) -> StyledText {
        var line = StyledText("Martlet \(status.version)", .bold)
        line.append(" at \(address)")
        if let started = status.started { line.append(", up \(Measures.duration(now - started))", .dim) }
        return line
    }

    private func store(_ status: StatusAnswer) -> StyledText {
        StyledText(
            "log at position \(Measures.count(status.head.rawValue)), \(Measures.size(status.storeBytes)) on disk"
        )
    }

    private func kept(_ status: StatusAnswer) -> StyledText? {
        var parts: [String] = []
        if status.deadLetters > 0 {
            parts.append("\(Measures.count(status.deadLetters)) dead letter\(status.deadLetters == 1 ? "" : "s")")
        }
        if status.quarantined > 0 { parts.append("\(Measures.count(status.quarantined)) in the quarantine") }
        return parts.isEmpty ? nil : StyledText(parts.joined(separator: ", "), .yellow)
    }

    private func sources(_ sources: [SourceAnswer]) -> [StyledText] {
        var table = Table([
            .left("name"), .left("cloud"), .left("format"), .right("accepted"), .optional("duplicates"),
            .optional("quarantined"), .optional("ignored"), .optional("refused"), .optional("stale"),
            .optional("impossible"),
        ])
        for source in sources {
            let counts = [
                source.accepted, source.duplicates, source.quarantined, source.ignored, source.refused, source.stale,
                source.impossibleTransitions,
            ]
            table.add(
                [StyledText(source.name), StyledText(source.cloud), StyledText(source.format, .dim)]
                    + counts.map { StyledText(Measures.count($0)) }
            )
        }
        return table.lines(width: width)
    }
}
