import MartletStore

/// What a repair did, as a page for people.
struct RepairReportPage {
    private static let shown = 20

    let report: RepairReport
    let directory: String

    var lines: [StyledText] {
        var lines: [StyledText] = []
        if !report.saved.isEmpty {
            lines += [StyledText("SAVED", .bold)]
            for (table, name) in Self.tables {
                if let count = report.saved[table] { lines.append(StyledText("  \(Measures.count(count)) \(name)")) }
            }
            if report.strayEvents > 0 {
                lines.append(
                    StyledText("  \(Measures.count(report.strayEvents)) of the events from pages that were cut off")
                )
            }
            lines += [StyledText(), StyledText("LOST", .bold)] + lost
            if !repeated.isEmpty {
                lines +=
                    [StyledText(), StyledText("SET RIGHT", .bold)]
                    + repeated.map { StyledText("  \($0.withoutControls)") }
            }
        }
        lines += report.remarks.map { StyledText($0) }
        lines.append(StyledText())
        if !report.copies.isEmpty { lines.append(StyledText("The damaged files are in \(report.copies).")) }
        lines.append(
            report.check.isClean
                ? StyledText("The store is without damage now.", .green)
                : StyledText(
                    "The new store has findings of its own; see: martlet store check --data \(directory)",
                    .red
                )
        )
        return lines
    }

    private static let tables = [
        ("events", "events"), ("resources", "resources"), ("forwarders", "forwarders"),
        ("parked", "events waiting for another attempt"), ("dead_letters", "dead letters"),
        ("quarantine", "items of the quarantine"), ("checkpoints", "places up to which sources have been read"),
    ]

    private var lost: [StyledText] {
        guard !report.lost.isEmpty || !report.damaged.isEmpty else { return [StyledText("  nothing")] }
        var lines: [StyledText] = []
        if !report.lost.isEmpty {
            let ranges = report.lost.prefix(Self.shown).map {
                $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
            }
            let more = report.lost.count > Self.shown ? ", …" : ""
            lines.append(
                StyledText(
                    "  \(Measures.count(report.lostCount)) events, at the positions \(ranges.joined(separator: ", "))\(more)"
                )
            )
        }
        for (table, name) in Self.tables where table != "events" {
            if let count = report.damaged[table], count > 0 {
                lines.append(StyledText("  \(Measures.count(count)) \(name)"))
            }
        }
        return lines.isEmpty ? [StyledText("  nothing that is needed")] : lines
    }

    private var repeated: [String] {
        var lines = report.forwarders
        if report.rebuiltResources > 0 {
            lines.append("\(Measures.count(report.rebuiltResources)) resources were made again from their events.")
        }
        if !report.incompleteResources.isEmpty {
            let names = report.incompleteResources.prefix(Self.shown).joined(separator: "; ")
            lines.append(
                "Of these the log no longer has the first events, so something may be missing in them: \(names)"
            )
        }
        if report.relinked > 0 {
            lines.append("\(Measures.count(report.relinked)) events were linked again in their time lines.")
        }
        return lines
    }
}
