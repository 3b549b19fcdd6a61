import ArgumentParser
import Martlet
import MartletClient
import MartletJSON

/// `martlet events`
struct EventsCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show events, one a line.",
        discussion: """
            Without --after and --since the newest 50 are shown, or as many as --limit says; with them, all that follow. \
            --follow shows the newest 10 and goes on with what comes, through restarts of the server.

            A pattern is compared with the topic, source.category.type.resource.uuid: * stands for one word, # for any number.

            Before the type: ✓ succeeded, ✗ failed, ! alert, · scheduled, › started.

            EXAMPLES
              martlet events --follow
              martlet events "*.AlertEvent.#" --since 1h
              martlet events --type VM.START --outcome failure --limit 20
              martlet events --after 0 --json | jq .type
            """
    )

    enum Body: String, CaseIterable, ExpressibleByArgument {
        case original, event, enriched
    }

    @Argument(help: "Topic patterns, any of which has to match.")
    var pattern: [String] = []

    @Flag(name: .shortAndLong, help: "Go on with what comes.")
    var follow = false

    @Option(help: ArgumentHelp("From then on: 2026-01-30T11:00:00Z, or 30m, 1h, 2d ago.", valueName: "time"))
    var since: MomentArgument?

    @Option(help: ArgumentHelp("Up to then, in the same forms.", valueName: "time"))
    var until: MomentArgument?

    @Option(
        help: ArgumentHelp("After this position; 0 is the log's beginning.", valueName: "position"),
        transform: { text in
            guard let position = Position(text) else { throw ValidationError("\(text) is no position.") }
            return position
        }
    )
    var after: Position?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("At most so many.", valueName: "count"))
    var limit: Int?

    @OptionGroup(title: "Conditions")
    var filter: EventFilterOptions

    @Flag(help: "Print CloudEvents in JSON, one a line.")
    var json = false

    @Option(help: "What to print: original, event or enriched. Means --json.")
    var body: Body?

    @OptionGroup var colour: ColourOption
    @OptionGroup(title: "Server")
    var connection: ConnectionOptions

    func validate() throws {
        for text in pattern {
            do { _ = try TopicPattern(text) } catch { throw ValidationError("\(text): \(error)") }
        }
        if let limit, limit < 0 { throw ValidationError("--limit \(limit): use 0 or more.") }
        if follow, until != nil {
            throw ValidationError("--follow goes on without end, --until ends it: use one of them.")
        }
        if follow, limit != nil, hasStart {
            throw ValidationError("--follow shows all from --after or --since on: leave --limit out.")
        }
    }

    private var hasStart: Bool { after != nil || since != nil }

    func run(_ server: ServerConnection, in context: CommandContext) async throws {
        let query = try makeQuery(now: context.clock.now())
        let reader = EventReader(server: server, query: query, context: context)
        var printer = EventPrinter(isJSON: json || body != nil, colour: colour.mode, context: context)
        let show = { (events: [JSONValue]) in try printer.print(events) }

        var start = after
        if !hasStart {
            let latest = LatestEvents(server: server, query: query)
            let found = try await latest.start(of: limit ?? (follow ? 10 : 50))
            start = found.position
            if let distance = found.stoppedAfter {
                try context.note(
                    "Looked at the last \(Measures.count(distance)) events; --since or --after goes back further."
                )
            }
        }
        if follow {
            try await reader.follow(after: start, show: show)
        } else {
            try await reader.read(after: start, limit: limit, show: show)
        }
    }

    private func makeQuery(now: Timestamp) throws -> EventQuery {
        var query = EventQuery()
        query.patterns = pattern
        query.attributes = try filter.attributes()
        query.since = since?.moment(now: now).description
        query.until = until?.moment(now: now).description
        query.body = body?.rawValue ?? "event"
        return query
    }
}

/// Writes events to standard output, as lines or as JSON.
struct EventPrinter {
    private let isJSON: Bool
    private let isColoured: Bool
    private let context: CommandContext
    private var formatter: EventLineFormatter

    init(isJSON: Bool, colour: ColourMode, context: CommandContext) {
        self.isJSON = isJSON
        self.context = context
        isColoured = colour.isOn(context.terminal, environment: context.environment)
        formatter = EventLineFormatter(
            layout: EventLineLayout(width: context.terminal.outputWidth),
            clock: context.clock
        )
    }

    mutating func print(_ events: [JSONValue]) throws {
        if isJSON { return try context.print(json: events) }
        var lines: [StyledText] = []
        for event in events { lines += formatter.lines(for: ListedEvent(json: event)) }
        try context.print(lines, inColour: isColoured)
    }
}
