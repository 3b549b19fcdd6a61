import Martlet
import MartletClient

/// Plays a day into a server and shows what the server made of it.
struct DemoPlayer {
    private let server: ServerConnection
    private let context: CommandContext
    private var pace: DemoPace
    private var printer: EventPrinter
    private(set) var summary = PublishSummary()
    /// The last position that has been shown; `nil` before the first request.
    private var shown: Position?

    /// The source of the embedded configuration.
    private static let source = "cloudstack"
    private static let mostAttempts = 10
    private static let longestWait = Duration.seconds(30)

    init(_ server: ServerConnection, rate: Double, colour: ColourMode, context: CommandContext) {
        self.server = server
        self.context = context
        pace = DemoPace(rate: rate)
        printer = EventPrinter(isJSON: false, colour: colour, context: context)
    }

    mutating func play(_ day: DemoDay) async throws {
        if shown == nil { shown = try await server.client.status().head }
        for request in DemoRequest.requests(of: day) {
            try await context.sleep(pace.wait(before: request.count, at: context.clock.now()))
            let answer = try await send(request)
            summary.add(answer)
            for problem in answer.problems { try context.note("To the quarantine: \(problem.reason)") }
            if let position = answer.position { try await show(through: position) }
        }
    }

    /// Waits where the server asks for it; anything else ends the play.
    private func send(_ request: DemoRequest) async throws -> PublishAnswer {
        var attempt = 1
        while true {
            do {
                return try await server.client.publish(
                    request.body,
                    contentType: request.contentType,
                    to: .source(Self.source),
                    topic: request.topic
                )
            } catch {
                guard error.code == .unavailable, attempt < Self.mostAttempts else { throw error }
                let delay = min(error.retryAfter ?? .seconds(attempt), Self.longestWait)
                try context.note("\(error.message) Trying again in \(Measures.duration(delay)).")
                try await context.sleep(delay)
                attempt += 1
            }
        }
    }

    /// Reads back what has been committed, so that what is shown is what anybody would see.
    private mutating func show(through position: Position) async throws {
        while let start = shown, start < position {
            let page = try await server.client.events(EventQuery(), after: start, limit: APIClient.largestPage)
            try printer.print(page.events)
            let last = page.events.last.flatMap { ListedEvent(json: $0).position }
            guard let next = page.next ?? page.scanned ?? last, next > start else { return }
            shown = next
        }
    }
}
