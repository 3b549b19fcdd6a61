import Martlet
import MartletClient

/// Shows how a replay gets on until it has ended, has paused, or the user has seen enough.
struct ReplayFollower: Sendable {
    let server: ServerConnection
    let context: CommandContext
    let options: ReplayFollowingOptions

    /// - Throws: ``CommandFailure`` `.failed` where not every event arrived, everything having been said.
    func follow(_ replay: ReplayAnswer) async throws {
        try await follower.untilInterrupted { try await watch(replay, $0) }
    }

    /// Follows a replay until it has ended, or until the user wants no more of it. A server that is started anew goes on with it.
    func watch(_ first: ReplayAnswer, _ stop: StopRequest) async throws {
        var progress = ReplayProgressLine(first, at: context.clock.now())
        let replay = try await follower.watch(first, &progress, stop) {
            $0.hasEnded || $0.state == "paused"
        } look: { replay throws(ClientError) in
            try await server.client.replay(replay.id)
        }
        if stop.isMade, !replay.hasEnded { return try await interrupted(replay) }
        try finish(replay)
    }

    private var follower: RunFollower { RunFollower(context: context, isQuiet: options.json) }

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

    private func finish(_ replay: ReplayAnswer) throws {
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
