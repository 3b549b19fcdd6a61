import Martlet
import MartletClient
import MartletGateway

/// Shows how a replay gets on until it has ended, has paused, or the user has seen enough.
struct ReplayFollower: Sendable {
    /// Between two looks.
    private static let interval = Duration.milliseconds(250)
    /// Between two lines where nothing can be drawn over.
    private static let lineInterval = Duration.seconds(10)
    /// How long a server may be away, as when it is restarted: the replay goes on with it.
    private static let patience = Duration.seconds(30)

    let server: ServerConnection
    let context: CommandContext
    let options: ReplayFollowingOptions

    /// - Throws: ``CommandFailure`` `.failed` where not every event arrived, everything having been said.
    func follow(_ replay: ReplayAnswer) async throws {
        let stop = StopRequest()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await StopSignals.wait()
                stop.make()
            }
            defer { group.cancelAll() }
            try await watch(replay, stop)
        }
    }

    /// Follows a replay until it has ended, or until the user wants no more of it.
    func watch(_ first: ReplayAnswer, _ stop: StopRequest) async throws {
        var replay = first
        var lastAnswer = context.clock.now()
        var progress = ReplayProgressLine(replay, at: context.clock.now())
        var screen = ProgressLine(context: context)
        var lastLine = context.clock.now()
        while !replay.hasEnded, replay.state != "paused", !stop.isMade {
            let now = context.clock.now()
            progress.note(replay, at: now)
            if options.json {
                // The last one is enough for a program; how it gets on is asked for with "show".
            } else if screen.isLive {
                try screen.draw(progress.line(now: now, width: screen.width))
            } else if now - lastLine >= Self.lineInterval {
                lastLine = now
                try context.note(progress.line(now: now, width: .max).render(inColour: false))
            }
            try await context.sleep(Self.interval)
            do {
                replay = try await server.client.replay(replay.id)
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
        if stop.isMade, !replay.hasEnded { return try await interrupted(replay) }
        try finish(replay, progress)
    }

    private func interrupted(_ replay: ReplayAnswer) async throws {
        guard options.cancelOnInterrupt else {
            return try context.note(
                """
                Replay \(replay.id) goes on in the server. Follow it again with "martlet replay follow \(replay.id)", \
                end it with "martlet replay cancel \(replay.id)".
                """
            )
        }
        let cancelled = try await server.client.cancelReplay(replay.id)
        if options.json { try context.print(json: [cancelled.json]) } else { try show(cancelled) }
        throw CommandFailure.silent(.failed)
    }

    private func finish(_ replay: ReplayAnswer, _ progress: ReplayProgressLine) throws {
        if options.json { try context.print(json: [replay.json]) } else { try show(replay) }
        if replay.state != "finished" || replay.failed > 0 { throw CommandFailure.silent(.failed) }
    }

    private func show(_ replay: ReplayAnswer) throws {
        try context.print(
            ReplayPage(now: context.clock.now(), width: context.terminal.outputWidth).ending(replay),
            inColour: options.colour.mode.isOn(context.terminal, environment: context.environment)
        )
    }
}

/// One line on standard error that is drawn over, where that is a terminal.
private struct ProgressLine {
    let context: CommandContext
    private var isDrawn = false

    init(context: CommandContext) { self.context = context }

    var isLive: Bool { context.terminal.errorWidth != nil && context.environment["TERM"] != "dumb" }
    var width: Int { (context.terminal.errorWidth ?? 80) - 1 }

    mutating func draw(_ line: StyledText) throws {
        let isColoured = (context.environment["NO_COLOR"] ?? "").isEmpty
        try context.errors(Array("\r\u{1B}[K\(line.render(inColour: isColoured))".utf8))
        isDrawn = true
    }

    /// Takes the line away.
    mutating func clear() throws {
        if isDrawn { try context.errors(Array("\r\u{1B}[K".utf8)) }
        isDrawn = false
    }
}
