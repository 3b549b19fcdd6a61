import Martlet
import MartletClient

/// How a server is doing, as a page for people.
struct StatusPage {
    let address: String
    let now: Timestamp
    let width: Int?

    func lines(for status: StatusAnswer) -> [StyledText] {
        var lines = [heading(status), store(status)]
        if let retention = retention(status) { lines.append(retention) }
        if let kept = kept(status) { lines.append(kept) }
        if let refusal = status.reloadRefusal {
            lines.append(StyledText("the last reload was refused: \(refusal)", .red))
        }
        if !status.sources.isEmpty { lines += [StyledText(), StyledText("SOURCES", .bold)] + sources(status.sources) }
        if !status.enrichers.isEmpty {
            lines += [StyledText(), StyledText("ENRICHERS", .bold)] + enrichers(status.enrichers)
        }
        if !status.forwarders.isEmpty {
            lines += [StyledText(), StyledText("FORWARDERS", .bold)]
            lines += ForwarderTable(now: now, width: width).lines(for: status.forwarders)
        }
        if let replays = replays(status.replays) { lines += [StyledText(), replays] }
        for sync in status.syncs { lines += [StyledText(), SyncPage(width: width).headline(sync)] }
        return lines
    }

    /// Those that are under way, in a line.
    private func replays(_ replays: [ReplayAnswer]) -> StyledText? {
        guard !replays.isEmpty else { return nil }
        var line = StyledText("replays: ", .bold)
        let texts = replays.map { replay in
            StyledText("\(replay.id) to \(ReplayPage.target(replay)) ")
                + StyledText(replay.state, ReplayPage.style(of: replay.state))
                + StyledText(" \(ReplayPage.share(replay))")
        }
        for (index, text) in texts.enumerated() {
            if index > 0 { line.append(", ") }
            line.append(text)
        }
        return width.map { line.truncated(to: $0) } ?? line
    }

    private func heading(_ status: StatusAnswer) -> StyledText {
        var line = StyledText("Martlet \(status.version)", .bold)
        line.append(" at \(address)")
        if let started = status.started { line.append(", up \(Measures.duration(now - started))", .dim) }
        return line
    }

    private func store(_ status: StatusAnswer) -> StyledText {
        var text = "log at position \(Measures.count(status.head.rawValue))"
        if let first = status.first, first.rawValue > 1 { text += ", from \(Measures.count(first.rawValue)) on" }
        if let oldest = status.oldest { text += ", the oldest event \(Measures.age(now - oldest))" }
        return StyledText("\(text), \(Measures.size(status.storeBytes)) on disk")
    }

    /// What keeps the log from being shortened, where something does.
    private func retention(_ status: StatusAnswer) -> StyledText? {
        guard let retention = status.retention else { return nil }
        if let error = retention.lastError { return StyledText("nothing old is removed: \(error)", .red) }
        guard let hold = retention.hold else {
            guard retention.isOverSize, let bound = retention.bound else { return nil }
            return StyledText("the store takes up more than its \(Measures.size(bound))", .yellow)
        }
        var text = "\(hold.forwarder) holds retention back at position \(Measures.count(hold.position.rawValue))"
        if let since = hold.since { text += " for \(Measures.duration(now - since))" }
        if retention.isOverSize, let bound = retention.bound {
            text += ", and the store takes up more than its \(Measures.size(bound))"
        }
        return StyledText(text, retention.isOverSize ? .red : .yellow)
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

    private func enrichers(_ enrichers: [EnricherAnswer]) -> [StyledText] {
        var table = Table([
            .left("name"), .left("cloud"), .left("state"), .right("found"), .optional("unknown"), .optional("failed"),
            .optional("waiting"), .optional("dropped"),
        ])
        for enricher in enrichers {
            let counts = [enricher.found, enricher.unknown, enricher.failed, enricher.waiting, enricher.dropped]
            let style: TextStyle = enricher.state == "running" ? .green : .red
            table.add(
                [StyledText(enricher.name), StyledText(enricher.cloud), StyledText(enricher.state, style)]
                    + counts.map { StyledText(Measures.count($0)) }
            )
        }
        return table.lines(width: width)
            + enrichers.flatMap { enricher in
                let error = enricher.state == "running" ? nil : enricher.lastError
                return [(error, TextStyle.red), (enricher.warning, .yellow)].compactMap { text, style in
                    text.map { StyledText("  \(enricher.name) of \(enricher.cloud): \($0)", style) }
                }
            }
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
