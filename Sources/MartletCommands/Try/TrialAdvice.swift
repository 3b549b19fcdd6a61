import MartletGateway
import MartletPipeline

/// What to check while nothing comes: first what was found, then what only people can see.
struct TrialAdvice {
    let transport: TrialAddress.Transport
    let source: SourceMonitor.Snapshot
    let findings: [TrialFinding]
    /// In columns; nil where nothing is broken into lines.
    var width: Int?

    var lines: [StyledText] {
        var lines = [StyledText("Nothing has come for ten seconds. What is known:", .yellow)]
        lines += ([state] + warnings + backlog + findings).flatMap { self.lines(of: $0) }
        lines.append(StyledText("What to check:", .yellow))
        guard source.state == .running else { return lines + unconnected.map { StyledText($0) } }
        lines += checks.map { StyledText($0) }
        return lines
    }

    private func lines(of finding: TrialFinding) -> [StyledText] {
        let mark =
            switch finding.isGood {
            case true?: StyledText("  ✓ ", .green)
            case false?: StyledText("  ✗ ", .red)
            case nil: StyledText("  · ", .dim)
            }
        return finding.text.lines(width: width.map { $0 - 4 }).enumerated().map { number, text in
            (number == 0 ? mark : StyledText("    ")) + StyledText(text)
        }
    }

    private var state: TrialFinding {
        switch source.state {
        case .running: TrialFinding("connected to \(source.place ?? "the broker")", isGood: true)
        case .starting: TrialFinding("not connected yet", isGood: false)
        case .failing: TrialFinding(source.problem.map(Self.text) ?? "not connected", isGood: false)
        }
    }

    private var warnings: [TrialFinding] {
        source.warnings.sorted { $0.key < $1.key }.map { TrialFinding(Self.text($0.value), isGood: false) }
    }

    /// What the broker says there is to read; only Kafka does.
    private var backlog: [TrialFinding] {
        guard let total = source.backlog, !source.backlogs.isEmpty else { return [] }
        let noun = source.backlogs.count == 1 ? "partition" : "partitions"
        return [
            total == 0
                ? TrialFinding("\(source.backlogs.count) \(noun), and nothing in them", isGood: nil)
                : TrialFinding(
                    "\(Measures.count(total)) messages in \(source.backlogs.count) \(noun) that do not come",
                    isGood: false
                )
        ]
    }

    private static func text(_ problem: SourceMonitor.Problem) -> String {
        "\(problem.what) (\(problem.place)): \(problem.remedy)"
    }

    /// Lines of less than eighty columns, while there is no connection.
    private var unconnected: [String] {
        [
            "  1. Are host and port right, and do they answer from here? Nothing in between",
            "     may drop the connection.",
            "  2. Does the broker want TLS? Then it is \(transport)s:// and another port.",
        ]
    }

    /// Lines of less than eighty columns.
    private var checks: [String] {
        let place =
            switch transport {
            case .amqp:
                [
                    "  1. Is this the exchange? The property \"exchange\" of the bean in",
                    "     spring-event-bus-context.xml on each management server; and is the file in",
                    "     META-INF/cloudstack/event (4.20 and later) or META-INF/cloudstack/core?",
                ]
            case .kafka:
                [
                    "  1. Is this the topic? \"topic\" in kafka.producer.properties on each management",
                    "     server (\"cloudstack\" where nothing is said); and is the bean's file in",
                    "     META-INF/cloudstack/event (4.20 and later) or META-INF/cloudstack/core?",
                ]
            }
        return place + [
            "  2. Are its events on? The global settings publish.action.events,",
            "     publish.resource.state.events, publish.usage.events, publish.alert.events",
            "     and publish.async.job.events.",
            "  3. Does it reach the broker? It loses in silence what it cannot publish:",
            "     grep -i \"event bus\" management-server.log",
            "  4. Does anything happen? Logging in to CloudStack's console is an event.",
        ]
    }
}
