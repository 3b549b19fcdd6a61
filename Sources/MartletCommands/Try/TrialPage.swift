import Martlet
import MartletClient
import MartletGateway
import MartletJSON
import MartletPipeline

/// What a trial has found, as a page for people; drawn again and again on a terminal, and once at the end.
///
///     amqp://mq1:5672/ from now on, 12 s
///     1,234 events, 120 a second, 12 failures, 2 impossible transitions, 3 unreadable
///     56 resources: 30 VirtualMachine, 12 Volume, 14 others
///
///     type        count  failures
///     VM.START      400         2
struct TrialPage {
    private static let mostTypes = 15
    private static let mostReasons = 3
    private static let mostResourceTypes = 4

    let place: String
    let transport: TrialAddress.Transport
    let elapsed: Duration
    let counts: TrialCounts
    /// Of late; on average where it is the last page.
    let perSecond: Double?
    var isLast = false
    let duplicates: Int64
    let source: SourceMonitor.Snapshot
    let clock: WallClock
    /// In columns; nil where nothing is cut.
    var width: Int?
    /// In lines; the types give way.
    var height: Int?

    var lines: [StyledText] {
        let head = [heading, numbers] + [resources].compactMap(\.self)
        let tail = state + reasons + latest
        let room = height.map { $0 - head.count - tail.count } ?? .max
        return (head + types(upTo: room) + tail).map { line in width.map { line.truncated(to: $0) } ?? line }
    }

    /// One line with the numbers, for where nothing can be drawn over.
    var line: StyledText { numbers }

    private var heading: StyledText {
        let beginning =
            switch transport {
            case .amqp: "from now on"
            case .kafka: "from the beginning"
            }
        var rest = StyledText(" \(beginning), \(Measures.duration(elapsed))", .dim)
        if let backlog = source.backlog, backlog > 0 { rest.append(", \(Measures.count(backlog)) still to read", .dim) }
        // Several hosts give way to what changes.
        let place = StyledText(place, .bold)
        return (width.map { place.truncated(to: max(20, $0 - rest.width)) } ?? place) + rest
    }

    private var numbers: StyledText {
        var line = StyledText(Self.count(counts.events, "event"), .bold)
        if let perSecond, counts.events > 0 {
            line.append(", \(Measures.rate(perSecond)) a second\(isLast ? " on average" : "")")
        }
        func add(_ number: Int, _ noun: String, _ style: TextStyle) {
            guard number > 0 else { return }
            line.append(", ")
            line.append(Self.count(number, noun), style)
        }
        add(counts.failures, "failure", .red)
        add(counts.alerts, "alert", .yellow)
        add(counts.impossibleTransitions, "impossible transition", .yellow)
        if counts.unreadable > 0 {
            line.append(", ")
            line.append("\(Measures.count(counts.unreadable)) unreadable", .red)
        }
        if duplicates > 0 { line.append(", \(Self.count(Int(duplicates), "duplicate"))", .dim) }
        return line
    }

    private var resources: StyledText? {
        guard counts.resourceCount > 0 else { return nil }
        let top = counts.topResourceTypes(Self.mostResourceTypes)
        var parts = top.map { "\(Measures.count($0.count)) \($0.type)" }
        let others = counts.resourceCount - top.reduce(0) { $0 + $1.count }
        if others > 0 { parts.append("\(Measures.count(others)) others") }
        return StyledText("\(Self.count(counts.resourceCount, "resource")): \(parts.joined(separator: ", "))")
    }

    private func types(upTo room: Int) -> [StyledText] {
        // A blank line and the header; without one type's line below them they say nothing.
        let limit = min(Self.mostTypes, room - 3)
        guard limit > 0, counts.typeCount > 0 else { return [] }
        let top = counts.topTypes(limit)
        var table = Table([.flexible("type"), .right("count"), .optional("failures")])
        for type in top {
            table.add([
                StyledText(type.type.withoutTypePrefix), StyledText(Measures.count(type.count)),
                StyledText(Measures.count(type.failures), type.failures > 0 ? .red : .plain),
            ])
        }
        var lines = [StyledText()] + table.lines(width: width)
        let others = counts.events - top.reduce(0) { $0 + $1.count }
        if others > 0 {
            let noun = counts.typeCount - top.count == 1 ? "type" : "types"
            let more = counts.uncounted > 0 ? "or more " : ""
            lines.append(
                StyledText(
                    "and \(Self.count(others, "event")) of \(Measures.count(counts.typeCount - top.count)) \(more)other \(noun)",
                    .dim
                )
            )
        }
        return lines
    }

    private var state: [StyledText] {
        var lines: [StyledText] = []
        if source.state == .failing, let problem = source.problem {
            lines += problem.lines(width: width, .red)
        }
        for warning in source.warnings.sorted(by: { $0.key < $1.key }) {
            lines += warning.value.lines(width: width, .yellow)
        }
        return lines.isEmpty ? [] : [StyledText()] + lines
    }

    private var reasons: [StyledText] {
        guard counts.unreadable > 0 else { return [] }
        return [StyledText(), StyledText("unreadable", .dim)]
            + counts.topReasons(Self.mostReasons).map { reason, count in
                StyledText("\(Measures.count(count)) × ", .red) + StyledText(reason)
            }
    }

    private var latest: [StyledText] {
        guard let event = counts.latest else { return [] }
        var writer = JSONWriter()
        CloudEventEncoder().encode(event, into: &writer)
        // What the log holds is written by the encoder, and so read again.
        guard let json = try? JSONDocument(parsing: writer.bytes[...]).root else { return [] }
        var formatter = EventLineFormatter(layout: EventLineLayout(width: width), clock: clock)
        // Without the date above it.
        return [StyledText(), StyledText("latest", .dim)] + formatter.lines(for: ListedEvent(json: json)).suffix(1)
    }

    /// `1 event`, `1,234 events`.
    private static func count(_ number: Int, _ noun: String) -> String {
        "\(Measures.count(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension String {
    fileprivate var withoutTypePrefix: String {
        for prefix in ListedEvent.typePrefixes where hasPrefix(prefix) { return String(dropFirst(prefix.count)) }
        return self
    }
}
