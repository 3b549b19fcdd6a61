import ArgumentParser
import Martlet
import MartletClient

/// `martlet demo`
struct DemoCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Play a day of a small cloud into a server.",
        discussion: """
            About a thousand events of an Apache CloudStack zone with four tenants: machines are deployed, started, moved and \
            destroyed, a host fails, another has no memory left, snapshots are taken. Also what a real cloud brings: a lost message, a \
            session key in a job, a body that was cut off, an event type that nobody knows.

            It goes to the source "cloudstack" of the server, one day after the other until Ctrl-C, and what the server has committed is \
            shown, one line an event. A day of its own each time; --seed brings one back.

            EXAMPLES
              martlet demo --serve
              martlet demo --rate 200 --once
              martlet demo --print --seed 7 | head -3
            """
    )

    /// The zone of the demonstration's clocks, in minutes east of UTC: `+0530`.
    static let minutesEastOfUTC = 330

    @Option(help: ArgumentHelp("Events a second.", valueName: "number"))
    var rate = 20.0

    @Option(help: ArgumentHelp("Which day it is.", valueName: "number"))
    var seed: UInt64?

    @Flag(help: "One day only. With --serve the server goes on.")
    var once = false

    @Flag(help: "Start a server in this process first.")
    var serve = false

    @Flag(name: .customLong("print"), help: "Print the bodies of one day, one a line, instead of sending them.")
    var isPrinted = false

    @OptionGroup var colour: ColourOption
    @OptionGroup(title: "Server")
    var connection: ConnectionOptions

    func validate() throws {
        guard rate > 0, rate <= 100_000 else { throw ValidationError("--rate \(rate): use a number up to 100000.") }
        if serve, isPrinted { throw ValidationError("--print needs no server: leave --serve out.") }
        if serve, connection.url != nil || connection.tokenFile != nil {
            throw ValidationError("--serve starts a server of its own: leave --url and --token-file out.")
        }
    }

    func run(in context: CommandContext) async throws {
        let first = seed ?? UInt64.random(in: 1...999_999)
        let yesterday = context.clock.now() + .seconds(-86_400)
        let play = Play(
            seed: first,
            start: DayClock.midnight(before: yesterday, minutesEastOfUTC: Self.minutesEastOfUTC),
            rate: rate,
            isOnce: once,
            colour: colour.mode,
            context: context
        )
        if isPrinted {
            try context.print(json: play.day(first).map { $0.body[...] })
        } else if serve {
            let server = DemoServer(dataDirectory: connection.data, context: context)
            try await server.run { try await play.run(on: $0) }
        } else {
            try await play.run(on: connection)
        }
    }
}

/// One day after the other, on a server.
private struct Play: Sendable {
    let seed: UInt64
    let start: Timestamp
    let rate: Double
    let isOnce: Bool
    let colour: ColourMode
    let context: CommandContext

    func day(_ seed: UInt64) -> DemoDay {
        DemoDay(seed: seed, start: start, minutesEastOfUTC: DemoCommand.minutesEastOfUTC)
    }

    /// - Throws: ``CommandFailure``, and `CancellationError` when the task is cancelled.
    func run(on connection: ConnectionOptions) async throws {
        let server: ServerConnection
        do {
            server = try ServerConnection(connection, environment: context.environment)
        } catch let error as ClientError {
            throw CommandFailure(error.message)
        }
        do {
            var player = DemoPlayer(server, rate: rate, colour: colour, context: context)
            var seed = seed
            repeat {
                try context.note("The day of --seed \(seed)")
                try await player.play(day(seed))
                try context.note("The day is over: \(player.summary.text).")
                seed &+= 1
            } while !isOnce
        } catch let error as ClientError {
            throw server.explain(error)
        }
    }
}
