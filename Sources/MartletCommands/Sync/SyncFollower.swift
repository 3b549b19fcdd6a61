import Martlet
import MartletClient

/// Shows how a sync gets on until it has ended, or the user has seen enough.
struct SyncFollower: Sendable {
    let server: ServerConnection
    let context: CommandContext
    let options: SyncFollowingOptions

    /// - Throws: ``CommandFailure`` `.failed` where not everything was read, everything having been said.
    func follow(_ sync: SyncAnswer) async throws {
        try await follower.untilInterrupted { try await watch(sync, $0) }
    }

    /// Follows a sync until it has ended, or until the user wants no more of it.
    func watch(_ first: SyncAnswer, _ stop: StopRequest) async throws {
        var progress = SyncProgressLine(first, at: context.clock.now())
        let sync = try await follower.watch(first, &progress, stop) {
            $0.hasEnded || !$0.isSame(as: first)
        } look: { sync throws(ClientError) in
            try await server.client.sync(sync.id)
        }
        guard sync.isSame(as: first) else {
            throw CommandFailure(
                "The server has been started anew, which ends a sync. Begin again with \"martlet sync \(first.kind)\".",
                status: .failed
            )
        }
        if stop.isMade, !sync.hasEnded { return try await interrupted(sync) }
        try finish(sync)
    }

    private var follower: RunFollower { RunFollower(context: context, isQuiet: options.json) }

    private func interrupted(_ sync: SyncAnswer) async throws {
        guard options.stopOnInterrupt else {
            return try context.note(
                """
                Sync \(sync.id) goes on in the server. Follow it again with "martlet sync follow \(sync.id)", \
                end it with "martlet sync stop \(sync.id)".
                """
            )
        }
        let stopped = try await server.client.stopSync(sync.id)
        try show(stopped)
        throw CommandFailure.silent(.failed)
    }

    private func finish(_ sync: SyncAnswer) throws {
        try show(sync)
        if sync.state != "finished" || !sync.incomplete.isEmpty { throw CommandFailure.silent(.failed) }
    }

    private func show(_ sync: SyncAnswer) throws {
        if options.json { return try context.print(json: [sync.json]) }
        try context.print(
            SyncPage(width: context.terminal.outputWidth).ending(sync),
            inColour: options.colour.mode.isOn(context.terminal, environment: context.environment)
        )
    }
}

extension SyncAnswer {
    /// Ids begin anew with each life of a server.
    fileprivate func isSame(as other: SyncAnswer) -> Bool { id == other.id && created == other.created }
}
