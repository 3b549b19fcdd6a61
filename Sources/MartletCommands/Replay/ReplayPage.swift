import Martlet
import MartletClient

/// Replays as people read them.
struct ReplayPage {
    let now: Timestamp
    let width: Int?

    /// A table of several.
    func table(_ replays: [ReplayAnswer]) -> [StyledText] {
        var table = Table([
            .right("id"), .flexible("to"), .left("state"), .right("done"), .right("events"), .right("delivered"),
            .optional("failed"), .optional("skipped"), .left("rate"), .left("made"), .flexible("note"),
        ])
        for replay in replays {
            table.add([
                StyledText(replay.id), StyledText(Self.target(replay)),
                StyledText(replay.state, Self.style(of: replay.state)), StyledText(Self.share(replay)),
                StyledText(Measures.count(replay.total)), StyledText(Measures.count(replay.delivered)),
                StyledText(Measures.count(replay.failed), replay.failed > 0 ? .red : .plain),
                StyledText(Measures.count(replay.skipped)), StyledText(Self.rate(replay)),
                StyledText(replay.created.map { Measures.age(now - $0) } ?? "", .dim),
                StyledText(replay.note ?? "", .dim),
            ])
        }
        return table.lines(width: width)
    }

    /// Everything about one.
    func lines(_ replay: ReplayAnswer) -> [StyledText] {
        var heading = StyledText("Replay \(replay.id)", .bold)
        heading.append(" to \(Self.target(replay)), ")
        heading.append(replay.state, Self.style(of: replay.state))
        var lines = [heading]
        var range =
            "positions \(replay.from) to \(replay.to), \(Measures.count(replay.total)) events, \(Self.rate(replay))"
        if let created = replay.created { range += ", made \(Measures.age(now - created))" }
        lines.append(StyledText(range))
        if let note = replay.note { lines.append(StyledText(note, .dim)) }
        lines.append(StyledText())
        for (name, count, style) in [
            ("delivered", replay.delivered, TextStyle.plain), ("filtered", replay.filtered, .plain),
            ("failed", replay.failed, replay.failed > 0 ? .red : .plain), ("skipped", replay.skipped, .plain),
            ("pending", replay.pending, .plain),
        ] {
            lines.append(StyledText(name).padded(to: 11) + StyledText(Measures.count(count), style).paddedLeft(to: 12))
        }
        return (lines + remarks(replay)).map { line in width.map { line.truncated(to: $0) } ?? line }
    }

    /// How it ended, in a line, and what there is to do about it.
    func ending(_ replay: ReplayAnswer) -> [StyledText] {
        var line = StyledText("replay \(replay.id) ", .bold)
        line.append(replay.state, Self.style(of: replay.state))
        line.append(": \(Measures.count(replay.delivered)) delivered")
        if replay.filtered > 0 { line.append(", \(Measures.count(replay.filtered)) filtered") }
        if replay.failed > 0 { line.append(", \(Measures.count(replay.failed)) failed", .red) }
        if replay.skipped > 0 {
            line.append(", \(Measures.count(replay.skipped)) skipped, because they are no longer in the log", .yellow)
        }
        if replay.pending > 0 { line.append(", \(Measures.count(replay.pending)) not sent") }
        if let created = replay.created, let ended = replay.ended {
            line.append(", in \(Measures.duration(ended - created))", .dim)
        }
        var lines = [line] + remarks(replay)
        if replay.failed > 0 {
            lines.append(StyledText("\"martlet replay failures \(replay.id)\" tells which failed, and why.", .dim))
        }
        if replay.state == "paused" {
            lines.append(StyledText("\"martlet replay resume \(replay.id)\" lets it go on.", .dim))
        }
        return lines
    }

    private func remarks(_ replay: ReplayAnswer) -> [StyledText] {
        var remarks: [StyledText] = []
        if let reason = replay.pauseReason { remarks.append(StyledText("paused: \(reason)", .yellow)) }
        if let error = replay.lastError, error != replay.pauseReason { remarks.append(StyledText(error, .red)) }
        return remarks
    }

    static func target(_ replay: ReplayAnswer) -> String { replay.forwarder ?? "\(replay.sink) of its own" }

    static func share(_ replay: ReplayAnswer) -> String {
        guard replay.total > 0 else { return "100%" }
        return "\(min(100, replay.scanned * 100 / replay.total))%"
    }

    private static func rate(_ replay: ReplayAnswer) -> String {
        replay.rate == 0 ? "no limit" : "\(Measures.count(replay.rate))/s"
    }

    static func style(of state: String) -> TextStyle {
        switch state {
        case "running", "finished": .green
        case "unavailable": .red
        case "cancelled": .dim
        default: .yellow
        }
    }
}

extension StyledText {
    fileprivate func padded(to width: Int) -> StyledText {
        var padded = self
        padded.pad(to: width)
        return padded
    }
}
