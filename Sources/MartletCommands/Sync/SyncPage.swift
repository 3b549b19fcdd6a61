import Martlet
import MartletClient
import MartletJSON

/// Syncs as people read them.
struct SyncPage {
    /// Differences that are told one by one.
    private static let maximumDifferences = 20

    let width: Int?

    /// A table of several.
    func table(_ syncs: [SyncAnswer], now: Timestamp) -> [StyledText] {
        var table = Table([
            .right("id"), .flexible("cloud"), .left("state"), .right("read"), .optional("changed"), .optional("new"),
            .optional("gone"), .optional("newer"), .optional("events"), .left("begun"), .flexible("note"),
        ])
        for sync in syncs {
            let counts = sync.counts
            table.add([
                StyledText(sync.id), StyledText("\(sync.kind) \(sync.cloud)"),
                StyledText(sync.state, Self.style(of: sync)), StyledText(Measures.count(counts.read)),
                StyledText(Measures.count(counts.changed)), StyledText(Measures.count(counts.new)),
                StyledText(Measures.count(counts.gone)), StyledText(Measures.count(counts.newer)),
                StyledText(Measures.count(sync.events)),
                StyledText(sync.created.map { Measures.age(now - $0) } ?? "", .dim),
                StyledText(sync.isDry ? "dry run" : sync.reason ?? "", .dim),
            ])
        }
        return table.lines(width: width)
    }

    /// One line about a sync.
    func headline(_ sync: SyncAnswer) -> StyledText {
        var line = StyledText("sync \(sync.id) of \(sync.cloud) ", .bold)
        line.append(sync.state, Self.style(of: sync))
        if sync.isDry { line.append(", a dry run") }
        line.append(": \(Measures.count(sync.counts.read)) read")
        line.append(Self.findings(sync.counts, separator: ", "))
        if let created = sync.created, let ended = sync.ended {
            line.append(", in \(Measures.duration(ended - created))", .dim)
        }
        return truncated(line)
    }

    /// How it ended, and what there is to do about it.
    func ending(_ sync: SyncAnswer) -> [StyledText] {
        var lines = [headline(sync)]
        if let reason = sync.reason { lines.append(StyledText(reason, .yellow)) }
        lines.append(truncated(StyledText(Self.effect(of: sync), .dim)))
        lines += Self.complaints(sync.incomplete)
        if sync.counts.unconfirmed > 0, !sync.types.contains(where: { $0.state == "doubtful" }) {
            lines.append(
                StyledText(
                    "\(Measures.count(sync.counts.unconfirmed)) are missing, and the cloud did not say whether they are gone.",
                    .yellow
                )
            )
        }
        return lines + differences(sync)
    }

    /// Why types are not complete; those of one service that is missing share their reason, and the line.
    private static func complaints(_ types: [SyncTypeAnswer]) -> [StyledText] {
        var told: [(types: [String], state: String, reason: String?)] = []
        for type in types {
            if let index = told.firstIndex(where: { ($0.state, $0.reason) == (type.state, type.reason) }) {
                told[index].types.append(type.type)
            } else {
                told.append(([type.type], type.state, type.reason))
            }
        }
        return told.map { types, state, reason in
            StyledText("\(types.joined(separator: ", ")) \(state)\(reason.map { ": \($0)" } ?? "")", .red)
        }
    }

    /// What has become of the findings.
    private static func effect(of sync: SyncAnswer) -> String {
        let firsts = sync.types.filter(\.isFirst)
        let isFirst = !firsts.isEmpty && firsts.count == sync.types.count
        if sync.isDry {
            return isFirst
                ? "Nothing was written. It would be the first sync, which fills the index and makes no events."
                : "Nothing was written."
        }
        if isFirst { return "The first sync: the index is filled, and no events were made." }
        let some =
            firsts.isEmpty ? "" : ", none of \(firsts.map(\.type).joined(separator: ", ")), read for the first time"
        return "\(Measures.count(sync.events)) events were made\(some)."
    }

    private func differences(_ sync: SyncAnswer) -> [StyledText] {
        guard sync.isDry else { return [] }
        let shown = sync.differences.prefix(Self.maximumDifferences)
        var lines = shown.map { truncated(Self.line($0)) }
        let total = sync.counts.changed + sync.counts.new + sync.counts.gone
        if total > shown.count {
            lines.append(StyledText("and \(Measures.count(total - shown.count)) more", .dim))
        }
        return lines
    }

    private static func line(_ difference: SyncDifferenceAnswer) -> StyledText {
        var line: StyledText
        switch difference.found {
        case "created": line = StyledText("new      ", .green)
        case "deleted": line = StyledText("gone     ", .red)
        default: line = StyledText(difference.found, .yellow) + StyledText("  ")
        }
        line.append("\(difference.type) \(difference.id)")
        if let name = difference.name { line.append(" \(name)", .dim) }
        guard difference.found == "changed", let changes = difference.changes else { return line }
        var texts: [String] = []
        for change in changes.members {
            if change.key == "relations" {
                for relation in change.value.members { texts.append(text(relation.key, relation.value)) }
            } else {
                texts.append(text(change.key, change.value))
            }
        }
        line.append(": \(texts.joined(separator: ", "))")
        return line
    }

    /// `state active → stopped`
    private static func text(_ field: String, _ change: JSONValue) -> String {
        func side(_ name: String) -> String {
            guard let value = change[name] else { return "-" }
            if let text = value.string { return text }
            let ids = value.elements.compactMap(\.string)
            return ids.isEmpty ? "-" : ids.joined(separator: " ")
        }
        return "\(field) \(side("from")) → \(side("to"))"
    }

    /// What differs, as far as there is any.
    static func findings(_ counts: SyncCountsAnswer, separator: String) -> StyledText {
        var text = StyledText()
        for (count, word, style) in [
            (counts.changed, "changed", TextStyle.yellow), (counts.new, "new", .green), (counts.gone, "gone", .red),
            (counts.newer, "newer by an event", .plain),
        ] where count > 0 {
            text.append(separator)
            text.append("\(Measures.count(count)) \(word)", style)
        }
        return text
    }

    private static func style(of sync: SyncAnswer) -> TextStyle {
        switch sync.state {
        case "running": .green
        case "finished": sync.incomplete.isEmpty ? .green : .yellow
        case "failed": .red
        default: .yellow
        }
    }

    private func truncated(_ line: StyledText) -> StyledText { width.map { line.truncated(to: $0) } ?? line }
}
