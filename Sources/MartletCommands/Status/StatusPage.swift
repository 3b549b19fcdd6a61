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
            lines += ForwarderTable(now: now, width: width).lines(for: status.forwarders)
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
            .left("name"), .left("cloud"), .left("format"), .left("state"), .right("accepted"), .optional("backlog"),
            .optional("gaps"), .optional("duplicates"), .optional("quarantined"), .optional("ignored"),
            .optional("refused"), .optional("stale"), .optional("impossible"), .left("last"),
        ])
        for source in sources {
            let counts = [
                source.accepted, source.backlog ?? 0, source.gaps, source.duplicates, source.quarantined,
                source.ignored, source.refused, source.stale, source.impossibleTransitions,
            ]
            table.add(
                [StyledText(source.name), StyledText(source.cloud), StyledText(source.format, .dim), state(source)]
                    + counts.map { StyledText(Measures.count($0)) }
                    + [StyledText(source.lastReceived.map { Measures.age(now - $0) } ?? "never", .dim)]
            )
        }
        return table.lines(width: width) + sources.flatMap { remarks($0) }
    }

    private func state(_ source: SourceAnswer) -> StyledText {
        switch source.state {
        case "failing": StyledText("failing", .red)
        case "running" where source.warnings.isEmpty: StyledText("running", .green)
        default: StyledText(source.state, .yellow)
        }
    }

    /// Beneath the table, because what is wrong and what would mend it want a line's width each.
    private func remarks(_ source: SourceAnswer) -> [StyledText] {
        var lines: [StyledText] = []
        func add(_ problem: SourceProblem, _ style: TextStyle, since: Timestamp? = nil) {
            let age = since.map { " for \(Measures.duration(now - $0))" } ?? ""
            lines.append(StyledText("  \(source.name)\(age): \(problem.what) (\(problem.place))", style))
            if !problem.remedy.isEmpty { lines.append(StyledText("    \(problem.remedy)", .dim)) }
        }
        if let problem = source.problem { add(problem, .red, since: source.since) }
        for warning in source.warnings { add(warning, .yellow) }
        return lines
    }
}
