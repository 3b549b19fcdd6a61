import Martlet
import MartletClient
import MartletGateway

/// How something that goes on in the server is told of in one line, as it gets on.
protocol RunProgress {
    associatedtype Answer: Sendable

    /// Takes in how it stands now.
    mutating func note(_ answer: Answer, at now: Timestamp)
    func line(now: Timestamp, width: Int) -> StyledText
}

/// Looks again and again at something that goes on in the server, and draws how it gets on.
struct RunFollower: Sendable {
    /// Between two looks.
    private static let interval = Duration.milliseconds(250)
    /// Between two lines where nothing can be drawn over.
    private static let lineInterval = Duration.seconds(10)
    /// How long a server may be away.
    private static let patience = Duration.seconds(30)

    let context: CommandContext
    /// Whether nothing is drawn: a program waits for the end.
    let isQuiet: Bool

    /// Runs `body` with a request that Ctrl-C makes.
    func untilInterrupted(_ body: (StopRequest) async throws -> Void) async throws {
        let stop = StopRequest()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await StopSignals.wait()
                stop.make()
            }
            defer { group.cancelAll() }
            try await body(stop)
        }
    }

    /// Looks until it is over, or until the user wants no more of it.
    ///
    /// - Returns: how it stood last.
    func watch<Progress: RunProgress>(
        _ first: Progress.Answer,
        _ progress: inout Progress,
        _ stop: StopRequest,
        isOver: (Progress.Answer) -> Bool,
        look: (Progress.Answer) async throws(ClientError) -> Progress.Answer
    ) async throws -> Progress.Answer {
        var answer = first
        var lastAnswer = context.clock.now()
        var screen = ProgressLine(context: context)
        var lastLine = context.clock.now()
        while !isOver(answer), !stop.isMade {
            let now = context.clock.now()
            progress.note(answer, at: now)
            if isQuiet {
                // The last one is enough for a program; how it gets on is asked for by itself.
            } else if screen.isLive {
                try screen.draw(progress.line(now: now, width: screen.width))
            } else if now - lastLine >= Self.lineInterval {
                lastLine = now
                try context.note(progress.line(now: now, width: .max).render(inColour: false))
            }
            try await context.sleep(Self.interval)
            do {
                answer = try await look(answer)
                lastAnswer = context.clock.now()
            } catch {
                let isAway = error.code == .unreachable || error.code == .unavailable
                guard isAway, context.clock.now() - lastAnswer < Self.patience else {
                    try screen.clear()
                    throw error
                }
            }
        }
        try screen.clear()
        return answer
    }
}
